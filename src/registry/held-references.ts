import { textOf } from '../domain/json-object.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import { BaselineSource, type Model } from '../domain/model.js';
import { championOf } from './answering.js';
import type { ModelVersion } from './version-entries.js';

export interface PinnedBaseline {
  /** The version whose own it is; null for that of the model, which holds for every version without one. */
  readonly version: string | null;
  /** Where its rows came from. */
  readonly source: BaselineSource | null;
  readonly id: string;
  readonly fingerprint: string;
  readonly pinnedAt: Date;
  /** It took the place of another: the first that a model learns is no change of anything. */
  readonly replaced: boolean;
  readonly rows: number;
  /** What labels taught that came after it was frozen. */
  readonly labels: LearntLabels | null;
  /** Who answered for the model when it came into force; null while nobody did. */
  readonly answering: string | null;
}

/** A frozen reference of performance alone. */
export interface LearntLabels {
  readonly id: string;
  readonly fingerprint: string;
  /** Labelled predictions it was learnt from, in `[since, until)` of event time. */
  readonly labelled: number;
  readonly since: Date;
  readonly until: Date;
}

/** How the answers of one version are calibrated, learnt from its own labels under a reference that was not taught by them. */
export interface LearntCalibration extends LearntLabels {
  /** The reference whose estimate it stands in for. */
  readonly baseline: string;
}

export interface RegisteredModel {
  readonly model: Model;
  readonly registeredAt: Date;
  /** In the order they were first seen. */
  readonly versions: readonly ModelVersion[];
  readonly baseline: PinnedBaseline | null;
  /** References of single versions, frozen after that of the model. */
  readonly ownBaselines: ReadonlyMap<string, PinnedBaseline>;
  /** What single versions learnt of their own answers, by version. */
  readonly calibrations: ReadonlyMap<string, LearntCalibration>;
  /** The version that it is looked at as; absent where it is the model itself. */
  readonly asVersion?: string;
}

/** A model of which only its description is known. */
export const NOTHING_KNOWN = {
  versions: [],
  baseline: null,
  ownBaselines: new Map<string, PinnedBaseline>(),
  calibrations: new Map<string, LearntCalibration>(),
};

/** What an entry puts in force; who answers then is known by the fold so far. */
export function pinnedBaseline({ at, data }: LedgerEntry, { versions }: RegisteredModel): PinnedBaseline {
  const { baseline: id, fingerprint, rows, version, source, replaces } = data;
  // Sources of before they were words of a model file are not known.
  const read = BaselineSource.safeParse(source);
  return {
    version: typeof version === 'string' ? version : null,
    source: read.success ? read.data : null,
    id: textOf(id),
    fingerprint: textOf(fingerprint),
    rows: Number(rows),
    pinnedAt: at,
    replaced: typeof replaces === 'string',
    labels: null,
    answering: championOf(versions),
  };
}

/** Whoever pins for the model means every version. */
export function withBaseline(known: RegisteredModel, pinned: PinnedBaseline): RegisteredModel {
  const { version } = pinned;
  const { ownBaselines, calibrations } = NOTHING_KNOWN;
  if (version === null) return { ...known, baseline: pinned, ownBaselines, calibrations };
  return {
    ...known,
    ownBaselines: new Map([...known.ownBaselines, [version, pinned]]),
    calibrations: new Map([...known.calibrations].filter(([other]) => other !== version)),
  };
}

/** With what labels taught of the reference that the entry names. */
export function withLearntLabels(known: RegisteredModel, data: LedgerEntry['data']): RegisteredModel {
  const labels = learntLabels(data);
  const taught = (one: PinnedBaseline) => (one.id === data['baseline'] ? { ...one, labels } : one);
  return {
    ...known,
    baseline: known.baseline && taught(known.baseline),
    ownBaselines: new Map([...known.ownBaselines].map(([version, own]) => [version, taught(own)])),
  };
}

/** With what a version's own labels taught of its answers. */
export function withCalibration(known: RegisteredModel, data: LedgerEntry['data']): RegisteredModel {
  const learnt = { ...learntLabels(data), baseline: textOf(data['baseline']) };
  return { ...known, calibrations: new Map([...known.calibrations, [textOf(data['version']), learnt]]) };
}

function learntLabels({ id, fingerprint, labelled, since, until }: LedgerEntry['data']): LearntLabels {
  const period = { since: new Date(textOf(since)), until: new Date(textOf(until)) };
  return { id: textOf(id), fingerprint: textOf(fingerprint), labelled: Number(labelled), ...period };
}

import { CodedError } from '../domain/coded-error.js';
import {
  NO_NOTES,
  withLabels,
  type WholeBaseline,
  type BaselineNotes,
  type FeatureBaseline,
  type ReferenceWindow,
} from '../domain/baseline.js';
import { Constraint } from '../domain/constraint.js';
import { BaselineSource } from '../domain/model.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import { fingerprintOf } from './fingerprint.js';

/** About so many numbers a profile has for each feature, and so many are written at once. */
const VALUES_A_FEATURE = 24;
const VALUES_A_WRITE = 200_000;

interface BaselineRow {
  readonly id: string;
  readonly model: string;
  readonly fingerprint: string;
  readonly pinned_at: number;
  readonly rows: number;
  readonly source: string;
  readonly features: string;
  readonly rules: string;
  readonly notes: string;
}

interface WindowRow {
  readonly window_from: number;
  readonly window_to: number;
  readonly profile: string;
}

/** What the ledger names cannot be judged with: it is not there any more, or somebody wrote the store. */
export abstract class UnusableBaseline extends CodedError {}

/** The store lost what the ledger names. */
class LostBaseline extends UnusableBaseline {
  override readonly name = 'LostBaseline';
  readonly code = 'baseline_lost';
  constructor(id: string) {
    super(`baseline ${id} is named in the ledger but not in the store: pin the reference again`);
  }
}

/** What the store holds is not what was frozen. */
class ChangedBaseline extends UnusableBaseline {
  override readonly name = 'ChangedBaseline';
  readonly code = 'baseline_changed';
  constructor({ id, fingerprint }: NamedBaseline, found: string) {
    super(
      `baseline ${id} was pinned with the fingerprint ${fingerprint}, and what is stored has ${found}: somebody wrote the store. Nothing is judged with it; restore it from a back-up or pin the reference again`,
    );
  }
}

/** A baseline as the ledger names it. */
export interface NamedBaseline {
  readonly id: string;
  readonly fingerprint: string;
}

const CONTENT_DIGEST = `
  SELECT lower(hex(SHA256(arrayStringConcat(arraySort(groupArray(part)), '\\n')))) AS digest FROM (
    SELECT toJSONString(tuple(model, fingerprint, rows, source, features, rules, notes)) AS part FROM baselines FINAL WHERE id = {id:String}
    UNION ALL SELECT toJSONString(tuple(window_from, window_to, profile)) AS part FROM baseline_windows FINAL WHERE baseline = {id:String})`;

/** Frozen baselines in the store; which one a model is held against is in the ledger. */
export class BaselineRepository {
  constructor(private readonly database: Database) {}

  async save(baseline: WholeBaseline): Promise<void> {
    await this.saveWindows(baseline);
    const { id, model, fingerprint, pinnedAt } = baseline;
    const head = {
      id,
      model,
      fingerprint,
      pinned_at: sqlMillisecond(pinnedAt),
      rows: baseline.rows,
    };
    await this.database.insert('baselines', [
      {
        ...head,
        source: JSON.stringify(baseline.source),
        features: JSON.stringify(baseline.features),
        rules: JSON.stringify(baseline.rules),
        notes: JSON.stringify(baseline.notes ?? NO_NOTES),
      },
    ]);
  }

  /** The whole of the reference, as a window at 0, and its windows, some at a time: others have their turn in between. */
  private async saveWindows({ id, reference, windows }: WholeBaseline): Promise<void> {
    const whole = { from: new Date(0), to: new Date(0), profile: reference };
    const values = Object.keys(reference.features).length * VALUES_A_FEATURE;
    const atOnce = Math.max(1, Math.ceil(VALUES_A_WRITE / Math.max(1, values)));
    const all = [whole, ...windows];
    for (let i = 0; i < all.length; i += atOnce) {
      await this.database.insert(
        'baseline_windows',
        all.slice(i, i + atOnce).map(({ from, to, profile }) => ({
          baseline: id,
          window_from: from.getTime() / 1000,
          window_to: to.getTime() / 1000,
          profile: JSON.stringify(profile),
        })),
      );
    }
  }

  /** A baseline. Throws LostBaseline when the ledger names one that the store has lost. */
  async load(id: string): Promise<WholeBaseline> {
    return inNewestForm(await this.stored(id));
  }

  /** The same, with the fingerprint of what the store holds of it now. */
  async loadWithFingerprint(
    id: string,
  ): Promise<{ readonly baseline: WholeBaseline; readonly found: string }> {
    const stored = await this.stored(id);
    return { baseline: inNewestForm(stored), found: await fingerprintOf(stored.frozen) };
  }

  /** As the ledger names it, with what labels taught later where that is named. Throws LostBaseline, and ChangedBaseline where what is stored is not what was frozen. */
  async loadAsPinned(named: NamedBaseline, labels: NamedBaseline | null): Promise<WholeBaseline> {
    const own = await this.asPinned(named);
    return labels === null ? own : withLabels(own, await this.asPinned(labels));
  }

  private async asPinned(named: NamedBaseline): Promise<WholeBaseline> {
    const stored = await this.stored(named.id);
    const found = await fingerprintOf(stored.frozen);
    if (found !== named.fingerprint) throw new ChangedBaseline(named, found);
    return inNewestForm(stored);
  }

  /** SHA-256 of everything that the store holds of a baseline, as it is stored; of one that it does not hold, the digest of nothing. */
  async contentDigest(id: string): Promise<string> {
    const [row] = await this.database.query<{ readonly digest: string }>(CONTENT_DIGEST, { params: { id } });
    return row?.digest ?? '';
  }

  private async stored(id: string): Promise<StoredBaseline> {
    const [row] = await this.database.query<BaselineRow>(
      `SELECT id, model, fingerprint, toUnixTimestamp64Milli(pinned_at) AS pinned_at, rows, source, features, rules, notes
       FROM baselines FINAL WHERE id = {id:String}`,
      { params: { id } },
    );
    if (!row) throw new LostBaseline(id);
    const all = await this.database.query<WindowRow>(
      `SELECT toUnixTimestamp(window_from) AS window_from, toUnixTimestamp(window_to) AS window_to, profile
       FROM baseline_windows FINAL WHERE baseline = {id:String} ORDER BY window_from`,
      { params: { id } },
    );
    return { row, frozen: asFrozen(row, all) };
  }
}

interface StoredBaseline {
  readonly row: BaselineRow;
  /** What its fingerprint was made of: nothing is added that later forms have. */
  readonly frozen: Parameters<typeof fingerprintOf>[0];
}

function asFrozen({ features, rules }: BaselineRow, all: readonly WindowRow[]): StoredBaseline['frozen'] {
  const whole = all.find((window) => window.window_to === 0)?.profile ?? '{}';
  return {
    features: JSON.parse(features) as Record<string, FeatureBaseline>,
    reference: JSON.parse(whole) as WindowProfile,
    rules: rules === '' ? undefined : (JSON.parse(rules) as Constraint[]),
    windows: all.filter((window) => window.window_to !== 0).map(referenceWindow),
  };
}

function inNewestForm({ row, frozen }: StoredBaseline): WholeBaseline {
  return {
    id: row.id,
    model: row.model,
    fingerprint: row.fingerprint,
    pinnedAt: new Date(row.pinned_at),
    rows: row.rows,
    source: BaselineSource.parse(JSON.parse(row.source)),
    features: frozen.features,
    reference: newestProfile(frozen.reference),
    rules: Constraint.array().parse(frozen.rules ?? []),
    windows: frozen.windows.map((window) => ({ ...window, profile: newestProfile(window.profile) })),
    notes: row.notes === '' ? NO_NOTES : (JSON.parse(row.notes) as BaselineNotes),
  };
}

/** Of a profile as it was frozen: those of before there were rules have no measures, and later ones do not say how many rows have a loss. */
function newestProfile(frozen: Omit<WindowProfile, 'measures'> & Partial<WindowProfile>): WindowProfile {
  const measured = { measures: {}, ...frozen };
  return { ...measured, performance: { ...rowsOfSums(frozen.performance), ...frozen.performance } };
}

/** Every labelled row had a loss, or none: a loss of exactly 0 is possible only where the task has no score. */
function rowsOfSums({ labelled, lossSum, squaredErrorSum }: WindowProfile['performance'] = NO_LABELS) {
  return {
    lossRows: lossSum === 0 ? 0 : labelled,
    errorRows: squaredErrorSum === 0 ? 0 : labelled,
  };
}

function referenceWindow({ window_from, window_to, profile }: WindowRow): ReferenceWindow {
  const [from, to] = [new Date(window_from * 1000), new Date(window_to * 1000)];
  return { from, to, profile: JSON.parse(profile) as WindowProfile };
}

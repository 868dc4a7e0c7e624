import { textOf } from '../domain/json-object.js';
import type { Actor, Json, LedgerEntry, NewEntry } from '../domain/ledger-entry.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import { environmentNames, riskTier, type Model, type RiskTier } from '../domain/model.js';
import type { VersionRecord } from '../domain/version-record.js';
import { championOf } from './answering.js';
import {
  NOTHING_KNOWN,
  pinnedBaseline,
  withBaseline,
  withCalibration,
  withLearntLabels,
  type LearntCalibration,
  type LearntLabels,
  type RegisteredModel,
} from './held-references.js';
import { jsonDiff } from './json-diff.js';
import { modelFromJson, modelToJson } from './model-text.js';
import { ModelNotFound, RegistryError } from './registry-error.js';
import { described } from './version-record.js';
import { versionsAfter } from './versions-after.js';
import { announced, firstSeen, moved, tookOver, type StageChange } from './version-entries.js';

export type { ModelVersion, StageChange } from './version-entries.js';

export type { LearntCalibration, LearntLabels, PinnedBaseline, RegisteredModel } from './held-references.js';

/** The model as one of its versions is judged: with the reference of its own, where it has one. */
export function heldAgainst(registered: RegisteredModel, version: string | null): RegisteredModel {
  if (version === null) return registered;
  const own = registered.ownBaselines.get(version);
  return { ...registered, ...(own ? { baseline: own } : {}), asVersion: version };
}

/** The model as whoever answers for it is judged. */
export function heldInForce(registered: RegisteredModel): RegisteredModel {
  return heldAgainst(registered, championOf(registered.versions));
}

/** Every reference that something is held against: that of the model, and those of versions. */
export function eachReference(registered: RegisteredModel): readonly RegisteredModel[] {
  return [
    registered,
    ...[...registered.ownBaselines.keys()].map((version) => heldAgainst(registered, version)),
  ];
}

/** Why a model is described anew, under which approval, and what that takes back (`enter-model-file`), where that is said. */
export interface ChangeReason {
  readonly reason?: string;
  readonly approval?: string;
  readonly undoes?: readonly string[];
}

export interface BaselinePin {
  readonly model: string;
  /** The only version it is for; left out, or null, for all. */
  readonly version?: string | null;
  readonly id: string;
  readonly fingerprint: string;
  readonly rows: number;
  /** Where the rows came from, in the words of a model file. */
  readonly source: Json;
  readonly actor: Actor;
  /** Why, where a person says so. */
  readonly reason?: string | null;
  /** The approval under which others agreed. */
  readonly approval?: string;
}

/**
 * Which models there are: a fold over `model.*`, `model_version.*` and `baseline.*`, and the pure decisions that make such entries. A
 * decision that changes nothing is an empty list. It is a projection of the ledger by shape; the two folders do not know each other.
 */
export class Registry {
  readonly #models = new Map<string, RegisteredModel>();

  /** All models, in the order they were registered. */
  models(): readonly RegisteredModel[] {
    return [...this.#models.values()];
  }

  find(key: string): RegisteredModel | undefined {
    return this.#models.get(key);
  }

  /** How much depends on a model; medium of one that is not registered (any more). */
  tierOf(key: string): RiskTier {
    const found = this.#models.get(key);
    return found ? riskTier(found.model.risk) : 'MEDIUM';
  }

  /** Throws ModelNotFound. */
  load(key: string): RegisteredModel {
    const found = this.#models.get(key);
    if (!found) throw new ModelNotFound(key);
    return found;
  }

  /** Whether rows of an environment are a model's own; of a model that is not registered nobody knows. */
  counts(key: string, environment: string): boolean {
    const found = this.#models.get(key);
    return !found || environmentNames(found.model).includes(environment);
  }

  /** The environments of the models that are asked for, as `model@environment`. */
  ownEnvironments(wanted: (model: string) => boolean): readonly string[] {
    return this.models().flatMap(({ model }) =>
      wanted(model.key) ? environmentNames(model).map((name) => `${model.key}@${name}`) : [],
    );
  }

  /** Registers a model, or records what changed; nothing when it is the same. Throws RegistryError when the task differs, or another model has the topic. */
  register(model: Model, actor: Actor, at: Date, why: ChangeReason = {}): NewEntry[] {
    const subject = { type: 'model', id: model.key };
    this.#assertTopicFree(model);
    const after = modelToJson(model);
    const known = this.#models.get(model.key);
    if (!known) return [{ action: 'model.registered', actor, at, subject, data: { model: after } }];
    if (known.model.task !== model.task) {
      const message = `model "${model.key}" is ${known.model.task}; a ${model.task} model needs a key of its own`;
      throw new RegistryError('task_changed', 'task', message);
    }
    const changes = jsonDiff(modelToJson(known.model), after).map((change) => ({ ...change }));
    return changes.length === 0
      ? []
      : [{ action: 'model.updated', actor, at, subject, data: { model: after, changes, ...why } }];
  }

  /** Messages of a claimed topic are one model's, whatever they say: with two claims one of them would be wrong in silence. */
  #assertTopicFree({ key, format }: Model): void {
    const topic = format?.['topic'];
    if (topic === undefined) return;
    const other = this.models().find(({ model }) => model.key !== key && model.format?.['topic'] === topic);
    if (!other) return;
    const message = `topic ${JSON.stringify(topic)} belongs to model "${other.model.key}" already: leave format.topic out of one of them and list what the source calls it in format.names`;
    throw new RegistryError('topic_taken', 'format.topic', message);
  }

  /** Records the first row of a version. Throws ModelNotFound. */
  versionSeen(model: string, version: string, at: Date): NewEntry[] {
    return firstSeen({ key: model, versions: this.load(model).versions }, version, at);
  }

  /** Announces a version, before its first row or without any. Throws ModelNotFound and RegistryError. */
  versionRegistered(change: StageChange, at: Date): NewEntry[] {
    return announced({ key: change.model, versions: this.load(change.model).versions }, change, at);
  }

  /** Says where a known version comes from. Throws ModelNotFound and RegistryError. */
  versionDescribed(
    named: { readonly model: string; readonly version: string },
    record: VersionRecord,
    actor: Actor,
    at: Date,
  ): NewEntry[] {
    const known = this.load(named.model).versions.find(({ version }) => version === named.version);
    if (!known)
      throw new RegistryError(
        'version_not_found',
        'version',
        `model "${named.model}" has no version "${named.version}"`,
      );
    return described({ ...named, before: known.record }, record, actor, at);
  }

  /** Moves a version to another stage; a new champion makes the former one a challenger. Throws ModelNotFound and RegistryError. */
  stageChanged(change: StageChange, at: Date): NewEntry[] {
    return moved({ key: change.model, versions: this.load(change.model).versions }, change, at);
  }

  /** Records that a version answers for the model though nobody said so. Throws ModelNotFound. */
  versionTookOver(model: string, version: string, reason: string, at: Date): NewEntry[] {
    return tookOver({ key: model, versions: this.load(model).versions }, { version, reason }, at);
  }

  /** Puts a frozen reference in force: for one version, or for all whatever they had before. Throws ModelNotFound. */
  baselinePinned(
    { model, version = null, id, fingerprint, rows, source, actor, reason = null, approval }: BaselinePin,
    at: Date,
  ): NewEntry[] {
    const { baseline } = heldAgainst(this.load(model), version);
    if (baseline?.id === id && baseline.fingerprint === fingerprint && baseline.version === version)
      return [];
    const own = {
      ...(version === null ? {} : { version }),
      ...(reason === null ? {} : { reason }),
      ...(approval === undefined ? {} : { approval }),
    };
    const replaces = baseline?.fingerprint ?? null;
    const data = { model, ...own, baseline: id, fingerprint, rows, source, replaces };
    return [{ action: 'baseline.pinned', actor, at, subject: { type: 'model', id: model }, data }];
  }

  /** Puts what labels taught beside the reference in force; nothing where that is another one by now. Throws ModelNotFound. */
  labelsLearnt(
    model: string,
    baseline: string,
    { since, until, ...labels }: LearntLabels,
    at: Date,
  ): NewEntry[] {
    const inForce = eachReference(this.load(model)).find((held) => held.baseline?.id === baseline)?.baseline;
    if (!inForce || inForce.labels !== null) return [];
    const period = { since: since.toISOString(), until: until.toISOString() };
    const data = { model, baseline, ...labels, ...period };
    return [
      { action: 'baseline.labels_learnt', actor: SYSTEM, at, subject: { type: 'model', id: model }, data },
    ];
  }

  /** Puts in force what a version's own labels taught of its answers; nothing where the reference is another one by now. Throws ModelNotFound. */
  calibrationLearnt(
    model: string,
    version: string,
    { since, until, ...learnt }: LearntCalibration,
    at: Date,
  ): NewEntry[] {
    const known = this.load(model);
    if (heldAgainst(known, version).baseline?.id !== learnt.baseline || known.calibrations.has(version))
      return [];
    const data = { model, version, ...learnt, since: since.toISOString(), until: until.toISOString() };
    const subject = { type: 'model', id: model };
    return [{ action: 'baseline.calibration_learnt', actor: SYSTEM, at, subject, data }];
  }

  apply(entry: LedgerEntry): void {
    const { action, at, subject, data } = entry;
    if (action === 'model.registered') {
      const model = modelFromJson(data['model'] ?? null);
      this.#models.set(subject.id, { model, registeredAt: at, ...NOTHING_KNOWN });
    } else if (action === 'model.updated') {
      this.#change(subject.id, (known) => ({
        ...known,
        model: modelFromJson(data['model'] ?? null),
      }));
    } else if (action.startsWith('model_version.')) {
      const name = textOf(data['model']);
      this.#change(name, (known) => ({ ...known, versions: versionsAfter(known.versions, entry) }));
    } else if (action === 'baseline.pinned') {
      this.#change(subject.id, (known) => withBaseline(known, pinnedBaseline(entry, known)));
    } else if (action === 'baseline.labels_learnt') {
      this.#change(subject.id, (known) => withLearntLabels(known, data));
    } else if (action === 'baseline.calibration_learnt') {
      this.#change(subject.id, (known) => withCalibration(known, data));
    }
  }

  reset(): void {
    this.#models.clear();
  }

  #change(key: string, change: (known: RegisteredModel) => RegisteredModel): void {
    this.#models.set(key, change(this.load(key)));
  }
}

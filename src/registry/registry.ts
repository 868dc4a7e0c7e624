import type { Actor, Json, LedgerEntry, NewEntry } from '../domain/ledger-entry.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import { MODEL_STAGES, type Model, type ModelStage } from '../domain/model.js';
import { jsonDiff } from './json-diff.js';
import { modelFromJson, modelToJson } from './model-text.js';
import { ModelNotFound, RegistryError } from './registry-error.js';
import { nextStages } from './stage-transition.js';

export interface ModelVersion {
  readonly version: string;
  readonly stage: ModelStage;
  readonly firstSeenAt: Date;
}

export interface PinnedBaseline {
  readonly id: string;
  readonly fingerprint: string;
  readonly pinnedAt: Date;
  readonly rows: number;
}

export interface RegisteredModel {
  readonly model: Model;
  readonly registeredAt: Date;
  readonly updatedAt: Date;
  /** In the order they were first seen. */
  readonly versions: readonly ModelVersion[];
  readonly baseline: PinnedBaseline | null;
}

export interface StageChange {
  readonly model: string;
  readonly version: string;
  readonly stage: ModelStage;
  readonly reason: string;
  readonly actor: Actor;
}

export interface BaselinePin {
  readonly model: string;
  readonly id: string;
  readonly fingerprint: string;
  readonly rows: number;
  /** Where the rows came from, in the words of a model file. */
  readonly source: Json;
  readonly actor: Actor;
}

/**
 * Which models there are: a fold over `model.*`, `model_version.*` and `baseline.pinned`, and the pure decisions that make such entries. A
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

  /** Throws ModelNotFound. */
  load(key: string): RegisteredModel {
    const found = this.#models.get(key);
    if (!found) throw new ModelNotFound(key);
    return found;
  }

  /** Registers a model, or records what changed; nothing when it is the same. Throws RegistryError when the task differs, or another model has the topic. */
  register(model: Model, actor: Actor, at: Date): NewEntry[] {
    const subject = { type: 'model', id: model.key };
    this.#assertTopicFree(model);
    const after = modelToJson(model);
    const known = this.#models.get(model.key);
    if (!known) return [{ action: 'model.registered', actor, at, subject, data: { model: after } }];
    if (known.model.task !== model.task) {
      const message = `model "${model.key}" is ${known.model.task}; a ${model.task} model needs a key of its own`;
      throw new RegistryError('task_changed', 'task', message);
    }
    const changes = jsonDiff(modelToJson(known.model), after).map(({ path, before, after: now }) => ({
      path,
      before,
      after: now,
    }));
    return changes.length === 0
      ? []
      : [{ action: 'model.updated', actor, at, subject, data: { model: after, changes } }];
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

  /** Records the first sight of a version. Throws ModelNotFound. */
  versionSeen(model: string, version: string, at: Date): NewEntry[] {
    if (this.load(model).versions.some((known) => known.version === version)) return [];
    const data = { model, version, stage: 'registered' };
    return [
      { action: 'model_version.seen', actor: SYSTEM, at, subject: versionSubject(model, version), data },
    ];
  }

  /** Moves a version to another stage; a new champion makes the former one a challenger. Throws ModelNotFound and RegistryError. */
  stageChanged({ model, version, stage, reason, actor }: StageChange, at: Date): NewEntry[] {
    const { versions } = this.load(model);
    const found = versions.find((known) => known.version === version);
    if (!found)
      throw new RegistryError('version_not_found', 'version', `model "${model}" has no version "${version}"`);
    if (found.stage === stage) return [];
    if (!nextStages(found.stage).includes(stage)) {
      const allowed = nextStages(found.stage).join(', ') || 'nowhere';
      throw new RegistryError(
        'illegal_transition',
        'stage',
        `a ${found.stage} version cannot become ${stage}; it can go to: ${allowed}`,
      );
    }
    const entry = (name: string, before: ModelStage, after: ModelStage, why: string): NewEntry => ({
      action: 'model_version.stage_changed',
      actor,
      at,
      subject: versionSubject(model, name),
      data: { model, version: name, before, after, reason: why },
    });
    const former = stage === 'champion' ? versions.filter((known) => known.stage === 'champion') : [];
    const demoted = former.map((known) =>
      entry(known.version, 'champion', 'challenger', `${version} became champion`),
    );
    return [...demoted, entry(version, found.stage, stage, reason)];
  }

  /** Puts a frozen reference in force. Throws ModelNotFound. */
  baselinePinned({ model, id, fingerprint, rows, source, actor }: BaselinePin, at: Date): NewEntry[] {
    const { baseline } = this.load(model);
    if (baseline?.id === id && baseline.fingerprint === fingerprint) return [];
    const data = { model, baseline: id, fingerprint, rows, source, replaces: baseline?.fingerprint ?? null };
    return [{ action: 'baseline.pinned', actor, at, subject: { type: 'model', id: model }, data }];
  }

  apply({ action, at, subject, data }: LedgerEntry): void {
    if (action === 'model.registered') {
      const model = modelFromJson(data['model'] ?? null);
      this.#models.set(subject.id, { model, registeredAt: at, updatedAt: at, versions: [], baseline: null });
    } else if (action === 'model.updated') {
      this.#change(subject.id, (known) => ({
        ...known,
        model: modelFromJson(data['model'] ?? null),
        updatedAt: at,
      }));
    } else if (action === 'model_version.seen') {
      const version: ModelVersion = {
        version: text(data['version']),
        stage: stageOf(data['stage']),
        firstSeenAt: at,
      };
      this.#change(text(data['model']), (known) => ({ ...known, versions: [...known.versions, version] }));
    } else if (action === 'model_version.stage_changed') {
      const [name, stage] = [text(data['version']), stageOf(data['after'])];
      const moved = (known: ModelVersion): ModelVersion =>
        known.version === name ? { ...known, stage } : known;
      this.#change(text(data['model']), (known) => ({ ...known, versions: known.versions.map(moved) }));
    } else if (action === 'baseline.pinned') {
      const { baseline: id, fingerprint, rows } = data;
      const baseline = { id: text(id), fingerprint: text(fingerprint), rows: Number(rows), pinnedAt: at };
      this.#change(subject.id, (known) => ({ ...known, baseline }));
    }
  }

  reset(): void {
    this.#models.clear();
  }

  #change(key: string, change: (known: RegisteredModel) => RegisteredModel): void {
    this.#models.set(key, change(this.load(key)));
  }
}

function versionSubject(model: string, version: string): NewEntry['subject'] {
  return { type: 'model_version', id: `${model}@${version}` };
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function stageOf(value: Json | undefined): ModelStage {
  return MODEL_STAGES.find((stage) => stage === value) ?? 'registered';
}

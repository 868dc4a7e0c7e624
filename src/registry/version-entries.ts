import type { Actor, NewEntry } from '../domain/ledger-entry.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import type { ModelStage } from '../domain/model.js';
import { reasonOf } from '../domain/reason.js';
import { isAnswered } from './is-answered.js';
import { RegistryError } from './registry-error.js';
import { championStep, type Championed } from './champion-step.js';
import { nextStages } from './stage-transition.js';
import type { GivenRecord } from './version-record.js';

/** When a version was champion or canary; `since` null: from its first row on; `until` null: it is. */
export interface Led {
  readonly since: Date | null;
  readonly until: Date | null;
}

export interface ModelVersion {
  readonly version: string;
  readonly stage: ModelStage;
  /** Arrival of its first row; null for a version that was announced and has none yet. */
  readonly firstSeenAt: Date | null;
  /** A person chose the stage; false where it follows from who sends rows. */
  readonly declared: boolean;
  /** When it was first heard of, by its first row or by somebody's word, and whose word that was. */
  readonly knownSince: Date;
  readonly announcedBy: string | null;
  /** When it first answered for the model; null where it never did. */
  readonly answersSince: Date | null;
  /** The time in which its rows are the model's own answers; null where it never was champion or canary. */
  readonly led: Led | null;
  /** Null where it never was champion. */
  readonly championed: Championed | null;
  /** Where it comes from; null where nobody said. */
  readonly record: GivenRecord | null;
}

/** A model as far as decisions about its versions need it. */
interface Versioned {
  readonly key: string;
  readonly versions: readonly Pick<
    ModelVersion,
    'version' | 'stage' | 'firstSeenAt' | 'declared' | 'championed'
  >[];
}

/** Somebody's wish about one version of one model. */
export interface StageChange {
  readonly model: string;
  readonly version: string;
  readonly stage: ModelStage;
  readonly reason: string;
  readonly actor: Actor;
  /** The approval under which others agreed. */
  readonly approval?: string;
}

/**
 * Records the first row of a version. The first that a model sends answers for it, whatever was announced to stand beside it; another one is on trial
 * until somebody says what it is, or it has taken over.
 */
export function firstSeen({ key, versions }: Versioned, version: string, at: Date): NewEntry[] {
  const known = versions.find((one) => one.version === version);
  if (known && known.firstSeenAt !== null) return [];
  const stage = known?.stage ?? (isAnswered(versions) ? 'registered' : 'champion');
  const data = { model: key, version, stage, declared: known?.declared ?? false };
  return [{ action: 'model_version.seen', actor: SYSTEM, at, subject: subjectOf(key, version), data }];
}

/** Announces a version before its first row. Throws RegistryError where it is known and stands elsewhere. */
export function announced(
  { key, versions }: Versioned,
  { version, stage, reason, actor }: StageChange,
  at: Date,
): NewEntry[] {
  const known = versions.find((one) => one.version === version);
  if (known?.declared && known.stage === stage) return [];
  if (known) {
    const message = `model "${key}" has a version "${version}" already (${known.stage}): change its stage instead`;
    throw new RegistryError('version_exists', 'version', message);
  }
  const data = { model: key, version, stage, reason };
  const subject = subjectOf(key, version);
  const demoted = stage === 'champion' ? demotions({ key, versions }, version, actor, at) : [];
  return [...demoted, { action: 'model_version.registered', actor, at, subject, data }];
}

/** Moves a version to another stage; a new champion makes the former one a challenger, and one that comes back is recorded as a roll-back. Throws RegistryError. */
export function moved({ key, versions }: Versioned, change: StageChange, at: Date): NewEntry[] {
  const { version, stage, actor } = change;
  const found = versions.find((known) => known.version === version);
  if (!found)
    throw new RegistryError('version_not_found', 'version', `model "${key}" has no version "${version}"`);
  if (found.stage === stage && (found.declared || stage === 'registered')) return [];
  // What nobody chose binds nobody: a version that answers by default may become anything.
  const allowed = found.declared ? nextStages(found.stage) : nextStages('registered');
  if (!allowed.includes(stage)) {
    const places = allowed.join(', ') || 'nowhere';
    const message = `a ${found.stage} version cannot become ${stage}; it can go to: ${places}`;
    throw new RegistryError('illegal_transition', 'stage', message);
  }
  const reason = reasonOf(change.reason, 'reason', 'a version moves to another stage');
  const others = versions.filter((known) => known.version !== version);
  const demoted = stage === 'champion' ? demotions({ key, versions: others }, version, actor, at) : [];
  const isBack = stage === 'champion' && championStep(versions, version) === 'ROLL_BACK';
  const how = {
    ...(isBack ? { rollBack: true as const } : {}),
    ...(change.approval === undefined ? {} : { approval: change.approval }),
  };
  const entry = changed(key, { version, before: found.stage, after: stage, reason, ...how }, actor, at);
  return [...demoted, entry];
}

/** A version nobody announced answers in the place of the champion nobody chose: recorded as the system's own doing. */
export function tookOver(
  { key, versions }: Versioned,
  { version, reason }: Pick<StageChange, 'version' | 'reason'>,
  at: Date,
): NewEntry[] {
  const found = versions.find((known) => known.version === version);
  if (!found || found.stage === 'champion') return [];
  const change = { version, before: found.stage, after: 'champion', reason } as const;
  return [...demotions({ key, versions }, version, SYSTEM, at), changed(key, change, SYSTEM, at)];
}

function demotions({ key, versions }: Versioned, successor: string, actor: Actor, at: Date): NewEntry[] {
  return versions
    .filter(({ stage }) => stage === 'champion')
    .map(({ version }) => {
      const reason = `${successor} became champion`;
      return changed(key, { version, before: 'champion', after: 'challenger', reason }, actor, at);
    });
}

function changed(
  model: string,
  change: {
    readonly version: string;
    readonly before: ModelStage;
    readonly after: ModelStage;
    readonly reason: string;
    readonly rollBack?: true;
    readonly approval?: string;
  },
  actor: Actor,
  at: Date,
): NewEntry {
  const subject = subjectOf(model, change.version);
  return { action: 'model_version.stage_changed', actor, at, subject, data: { model, ...change } };
}

function subjectOf(model: string, version: string): NewEntry['subject'] {
  return { type: 'model_version', id: `${model}@${version}` };
}

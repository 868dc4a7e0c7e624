import { knownStage } from '../domain/known-stage.js';
import { z } from 'zod';
import type { Approval } from '../approvals/approval.js';
import { peopleNeeded } from '../approvals/approval-rules.js';
import { askApproval, joinApproval } from '../approvals/ask-approval.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { MODEL_STAGES, riskTier } from '../domain/model.js';
import { reasonOf } from '../domain/reason.js';
import { championOf } from '../registry/answering.js';
import { championStep } from '../registry/champion-step.js';
import type { StageChange } from '../registry/registry.js';
import { demandOther } from '../retraining/promotion.js';
import { announceVersion, type Announcement } from './announce-version.js';
import type { Stages } from './stages.js';
import { stageEntries } from './supersede-replaced.js';
import { wantOtherStage } from './want-ending.js';

/** What a yes to a new champion is a yes to: from its stage of then, in the place of the champion of then. */
const Terms = z.object({
  model: z.string(),
  version: z.string(),
  stage: z.literal('champion'),
  from: z.enum(MODEL_STAGES),
  replaces: z.string().nullable(),
});

const WHY_ASKED = 'others are asked whether the version takes over';

/** What a proposal says of which version it is about, be it of a person or of a training. */
const Named = z.object({ model: z.string(), version: z.string() });

/**
 * Moves a version to another stage. Where it takes over from another and others have to agree, nothing changes yet, and the id of the approval is
 * returned, else null; so where something critical would end with it. The first champion of a model and one that comes back wait for nobody. Throws ModelNotFound, RegistryError,
 * RetrainingRefusal and ReasonMissing.
 */
export async function wantStage(stages: Stages, change: StageChange): Promise<string | null> {
  if (change.stage !== 'champion') return wantOtherStage(stages, change);
  let approval: string | null = null;
  await stages.ledger.transact((now) => {
    const asked = needsOthers(stages, change) ? askOthers(stages, change, now) : null;
    approval = asked?.id ?? null;
    return asked?.entries ?? stageEntries(stages, change, now);
  });
  return approval;
}

/** Announces a version; a new one that is to take over is registered and waits as any other does. Throws as `wantStage` and `announceVersion` do. */
export async function wantVersion(stages: Stages, announcement: Announcement): Promise<string | null> {
  const { record: _, ...change } = announcement;
  const { versions } = stages.registry.load(change.model);
  const isNew = versions.every(({ version }) => version !== change.version);
  const wish = { ...change, stage: 'champion' } as const;
  const said = change.reason.trim() || 'announced';
  if (change.stage !== 'champion' || !isNew || !needsOthers(stages, wish)) {
    await announceVersion(stages, { ...announcement, reason: said });
    return null;
  }
  const reason = reasonOf(change.reason, 'reason', WHY_ASKED);
  await announceVersion(stages, { ...announcement, reason, stage: 'registered' });
  return wantStage(stages, { ...wish, reason });
}

/** Throws RetrainingRefusal for who asked for the training of what is to take over. */
function needsOthers(
  stages: Pick<Stages, 'registry' | 'approvalRules' | 'personOf' | 'retrainings'>,
  change: StageChange,
): boolean {
  const { registry, retrainings, approvalRules, personOf } = stages;
  const { model, versions } = registry.load(change.model);
  const step = championStep(versions, change.version);
  if (step === 'IS' || step === 'ROLL_BACK') return false;
  const run = retrainings.maker(model.key, change.version);
  const people = {
    person: personOf(change.actor.id),
    askers: run ? retrainings.askersOf(run.id).map((id) => personOf(id)) : [],
  };
  if (run) demandOther(run, people, model.risk);
  return step === 'PROMOTION' && peopleNeeded(approvalRules, 'PROMOTION', riskTier(model.risk)) > 0;
}

interface Asked {
  readonly id: string;
  readonly entries: readonly NewEntry[];
}

function askOthers(
  stages: Pick<Stages, 'registry' | 'approvals' | 'personOf'>,
  change: StageChange,
  now: Date,
): Asked {
  const { registry, approvals } = stages;
  const { model: key, version, actor } = change;
  const reason = reasonOf(change.reason, 'reason', WHY_ASKED);
  // What cannot be is refused now, not when others have agreed.
  registry.stageChanged({ ...change, reason }, now);
  const waiting = approvals.pending().find((one) => isAbout(one, change) && !isOvertaken(stages, one));
  const person = stages.personOf(actor.id);
  if (waiting) return { id: waiting.id, entries: joinApproval(waiting, { actor, person, reason }, now) };
  const { model, versions } = registry.load(key);
  const replaces = championOf(versions);
  const from = knownStage(versions, version);
  const wish = {
    kind: 'PROMOTION',
    model: key,
    tier: riskTier(model.risk),
    summary: `version ${version} of ${key} ${replaces === null ? 'becomes champion' : `takes over from ${replaces}`}`,
    reason,
    terms: { model: key, version, stage: 'champion', from, replaces },
    actor,
    person,
  } as const;
  const { id, entry } = askApproval(wish, approvals.count, now);
  return { id, entries: [entry] };
}

function isAbout({ kind, terms }: Approval, { model, version }: StageChange): boolean {
  const named = Named.safeParse(terms);
  return (
    kind === 'PROMOTION' && named.success && named.data.model === model && named.data.version === version
  );
}

/** The version that is to take over; null for what others are asked about. */
export function versionAsked({ kind, terms }: Approval): string | null {
  const named = Named.safeParse(terms);
  return kind === 'PROMOTION' && named.success ? named.data.version : null;
}

/** Whether another version answers by now, or this one has another stage, so that nobody has to decide. */
export function isOvertaken({ registry }: Pick<Stages, 'registry'>, { terms }: Approval): boolean {
  const asked = Terms.safeParse(terms);
  if (!asked.success) return false;
  const versions = registry.find(asked.data.model)?.versions ?? [];
  const own = versions.find(({ version }) => version === asked.data.version);
  return championOf(versions) !== asked.data.replaces || own?.stage !== asked.data.from;
}

/** The version that others agreed to takes over, as its asker's deed; that it is not overtaken is the caller's to see. */
export function promoteAgreed(stages: Stages, approval: Approval, now: Date): readonly NewEntry[] {
  const { model, version, stage } = Terms.parse(approval.terms);
  const { reason, askedBy: actor, id } = approval;
  return stageEntries(stages, { model, version, stage, reason, actor, approval: id }, now);
}

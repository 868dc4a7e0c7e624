import { knownStage } from '../domain/known-stage.js';
import { z } from 'zod';
import type { Approval } from '../approvals/approval.js';
import { peopleNeeded } from '../approvals/approval-rules.js';
import { SEVERITIES } from '../domain/incident.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { MODEL_STAGES, riskTier } from '../domain/model.js';
import { reasonOf } from '../domain/reason.js';
import type { StageChange } from '../registry/registry.js';
import { askForYes, type AskedFor } from './ask-for-yes.js';
import type { Stages } from './stages.js';
import { endedByStage, stageEntries } from './supersede-replaced.js';
import { openProblem, severitiesOf } from './want-closing.js';

/** What a yes is a yes to: a version leaves its stage of then, and what was open of it, and how bad, ends with that. */
const Terms = z.object({
  of: z.literal('version'),
  model: z.string(),
  version: z.string(),
  stage: z.enum(MODEL_STAGES),
  from: z.enum(MODEL_STAGES),
  open: z.record(z.string(), z.enum(SEVERITIES)),
});

/**
 * Moves a version to a stage in which it does not lead. Where something critical would end with it and the model's tier asks for others to close that,
 * nothing changes yet, and the id of the approval is returned, else null. Throws ModelNotFound, RegistryError and ReasonMissing.
 */
export async function wantOtherStage(stages: Stages, change: StageChange): Promise<string | null> {
  let approval: string | null = null;
  await stages.ledger.transact((now) => {
    // What cannot be is refused now, not when others have agreed.
    const entries = stageEntries(stages, change, now);
    const asked = entries.length === 0 ? null : askedOf(stages, change, now);
    approval = asked?.id ?? null;
    return asked?.entries ?? entries;
  });
  return approval;
}

/** Whether something critical would end with a change of stage that others have to agree to first. Throws ModelNotFound. */
export function endsCriticals(stages: Pick<Stages, 'registry' | 'approvalRules' | 'incidents' | 'retrainings'>, change: Pick<StageChange, 'model' | 'version' | 'stage'>): boolean {
  const { model } = stages.registry.load(change.model);
  if (peopleNeeded(stages.approvalRules, 'CLOSE', riskTier(model.risk)) === 0) return false;
  return endedByStage(stages, change).some(({ severity }) => severity === 'critical');
} // prettier-ignore

/** The version moves as others agreed to, as its asker's deed; null for what is about something else. That it is not outdated is the caller's to see. */
export function endingAgreed(stages: Stages, approval: Approval, now: Date): readonly NewEntry[] | null {
  const asked = Terms.safeParse(approval.terms).data;
  if (!asked) return null;
  const { model, version, stage } = asked;
  const { reason, askedBy: actor, id } = approval;
  return stageEntries(stages, { model, version, stage, reason, actor, approval: id }, now);
}

/** Why nobody has to agree any more to a version's end; null where somebody has, and for what is about something else. */
export function endingOutdated(
  stages: Pick<Stages, 'registry' | 'incidents' | 'retrainings'>,
  { terms }: Approval,
): string | null {
  const asked = Terms.safeParse(terms).data;
  if (!asked) return null;
  if (stageOf(stages, asked) !== asked.from) return 'the stages of versions changed';
  return openProblem(endedByStage(stages, asked), asked.open);
}

function askedOf(stages: Pick<Stages, 'registry' | 'approvals' | 'approvalRules' | 'personOf' | 'incidents' | 'retrainings'>, change: StageChange, now: Date): AskedFor | null {
  if (!endsCriticals(stages, change)) return null;
  const { model: key, version, stage, actor } = change;
  const reason = reasonOf(change.reason, 'reason', 'something critical ends with the version');
  const open = endedByStage(stages, change);
  const terms = { of: 'version', model: key, version, stage, from: stageOf(stages, change), open: severitiesOf(open) } as const;
  const worst = open.filter(({ severity }) => severity === 'critical').map(({ id }) => id);
  const summary = `version ${version} of ${key} becomes ${stage}, which ends ${worst.join(', ')} (critical)`;
  const tier = riskTier(stages.registry.load(key).model.risk);
  return askForYes(stages, { kind: 'CLOSE', model: key, tier, summary, reason, terms, actor }, now);
} // prettier-ignore

function stageOf(
  { registry }: Pick<Stages, 'registry'>,
  { model, version }: Pick<StageChange, 'model' | 'version'>,
) {
  return knownStage(registry.find(model)?.versions, version);
}

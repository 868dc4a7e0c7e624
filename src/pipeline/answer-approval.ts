import { ApprovalRefusal } from '../approvals/approval-refusal.js';
import type { Approval } from '../approvals/approval.js';
import { peopleAsked } from '../approvals/approval-rules.js';
import {
  approvalWithdrawn,
  decideApproval,
  expireApprovals,
  type Parties,
  type Said,
  type Say,
} from '../approvals/decide-approval.js';
import { SYSTEM, type Actor, type NewEntry } from '../domain/ledger-entry.js';
import { highestTier, riskTier, type Model, type RiskTier } from '../domain/model.js';
import { approveRetraining, declineRetraining, type Word } from '../retraining/by-hand.js';
import { approvePromotion, declinePromotion } from '../retraining/promotion.js';
import { expireSilence } from '../incidents/silence-commands.js';
import { silenceState } from '../incidents/silences.js';
import { describeAgreed, isOutdated, pinAgreed, termsOf } from './ask-others.js';
import { promoteMade } from './promote-made.js';
import { concernedBy } from './propose-policy.js';
import type { Stages } from './stages.js';
import { closeAgreed, closingOutdated } from './want-closing.js';
import { endingAgreed, endingOutdated } from './want-ending.js';
import { seriousAgreed, seriousOutdated } from './want-serious.js';
import { isOvertaken, promoteAgreed, versionAsked } from './want-champion.js';

/** Somebody's yes or no to what waits under an id. */
export interface GivenAnswer extends Omit<Say, 'person'> {
  readonly id: string;
}

/** What a yes or no brings about, and where the approval stands with it. */
export interface Answered extends Pick<Said, 'outcome' | 'yes' | 'needed'> {
  readonly entries: readonly NewEntry[];
}

/**
 * A person's yes or no to whatever waits for one: the word itself and, with the last yes that is needed or with a no, what follows from it.
 * Throws ApprovalRefusal where nothing waits or the person may not say it, and what putting it in force throws.
 */
export function answerApproval(stages: Stages, answer: GivenAnswer, now: Date): Answered {
  const approval = stages.approvals.find(answer.id);
  if (!approval) throw new ApprovalRefusal('approval_not_found', `there is no approval ${answer.id}`, 'id');
  const say = { ...answer, person: stages.personOf(answer.actor.id) };
  const terms = { rules: stages.approvalRules, now };
  const said = decideApproval(approval, say, partiesOf(stages, approval), terms);
  if (said.outcome !== 'declined') demandInForce(stages, approval);
  const follows =
    said.outcome === 'counted'
      ? []
      : said.outcome === 'granted'
        ? granted(stages, approval, answer, now)
        : declined(stages, approval, answer, now);
  return { ...said, entries: [...said.entries, ...follows] };
}

/** A yes that could never come into force is refused, the first as the last. */
function demandInForce(
  stages: Pick<
    Stages,
    'descriptions' | 'incidents' | 'policyBook' | 'registry' | 'retrainings' | 'seriousIncidents'
  >,
  approval: Approval,
): void {
  const because = outdated(stages, approval);
  if (because !== null)
    throw new ApprovalRefusal('approval_changed', `${approval.summary}: ${because}; ask anew`, 'id');
}

/** Who may not agree, and under which tier it is asked. */
function partiesOf(
  stages: Pick<
    Stages,
    'descriptions' | 'makersOf' | 'personOf' | 'policies' | 'policyBook' | 'registry' | 'retrainings'
  >,
  approval: Approval,
): Parties {
  const models = modelsOf(stages, approval);
  const { retrainings } = stages;
  const run = retrainings.story(approval.id)?.id ?? runOf(stages, approval) ?? '';
  const { descriptions } = stages;
  // Whose it was when it was asked stays out of it, whatever became of the model since; `decideApproval` asks for the tier.
  const owned = models.filter(({ key, risk }) => key === approval.model || riskTier(risk) === 'HIGH');
  const owners = owned.flatMap(({ key }) => descriptions.ownersSince(key, approval.seq));
  return {
    tier: approvalTier(stages, approval),
    owners: owners.map((owner) => stages.personOf(owner)),
    askers: [approval.askedBy.id, ...retrainings.askersOf(run)].map((id) => stages.personOf(id)),
    makersOf: stages.makersOf,
  };
}

/** The run that made the version which is to take over. */
function runOf({ retrainings }: Pick<Stages, 'retrainings'>, approval: Approval): string | undefined {
  const version = versionAsked(approval);
  return version === null ? undefined : retrainings.maker(approval.model ?? '', version)?.id;
}

/** Actor id of who asked: of a training who wished for it, which the service proposed. */
export function askedBy({ retrainings }: Pick<Stages, 'retrainings'>, approval: Approval): string {
  return retrainings.story(approval.id)?.askedBy ?? approval.askedBy.id;
}

/** Under which tier it is asked: while it waits, the highest that its models have had since; they may have become riskier. */
export function approvalTier(
  stages: Pick<Stages, 'registry' | 'policies' | 'policyBook'>,
  approval: Approval,
): RiskTier {
  const asked = approval.tier === null ? [] : [approval.tier];
  if (approval.state !== 'PENDING' && approval.tier !== null) return approval.tier;
  return highestTier([...asked, ...modelsOf(stages, approval).map(({ risk }) => riskTier(risk))]);
}

/** How many people must say yes to it. */
export function neededFor(
  stages: Pick<Stages, 'registry' | 'policies' | 'policyBook' | 'approvalRules'>,
  approval: Approval,
): number {
  return peopleAsked(stages.approvalRules, approval.kind, approvalTier(stages, approval));
}

function modelsOf(
  stages: Pick<Stages, 'registry' | 'policies' | 'policyBook'>,
  { kind, model, id }: Approval,
): readonly Model[] {
  if (kind !== 'POLICY') {
    const known = stages.registry.find(model ?? '');
    return known ? [known.model] : [];
  }
  const compiled = stages.policyBook.compiledProposal(id);
  return compiled ? concernedBy(stages, compiled) : [];
}

function granted(
  stages: Stages,
  approval: Approval,
  { id, note, actor }: Word,
  now: Date,
): readonly NewEntry[] {
  const { retrainings, incidents, policyBook } = stages;
  switch (approval.kind) {
    case 'TRAINING':
      return approveRetraining(
        retrainings,
        { id, note, actor },
        { known: incidents.list({ model: approval.model ?? '' }) },
        now,
      );
    case 'PROMOTION':
      return retrainings.find(id)
        ? promoted(stages, { id, note, actor }, now)
        : promoteAgreed(stages, approval, now);
    case 'POLICY':
      return policyBook.adopt(id, now);
    case 'RISK_TIER':
    case 'OWNER':
    case 'OVERSIGHT':
      return describeAgreed(stages, approval, now);
    case 'BASELINE':
      return pinAgreed(stages, approval, now);
    case 'CLOSE':
      return endingAgreed(stages, approval, now) ?? closeAgreed(stages, approval, now);
    case 'SERIOUS':
      return seriousAgreed(stages, approval, now);
  }
}

function promoted(stages: Stages, word: Word, now: Date): readonly NewEntry[] {
  const approved = approvePromotion(stages.retrainings, word, now);
  const run = stages.retrainings.find(word.id);
  const reason = `${word.note || 'approved'} (training run ${word.id})`;
  return run ? [...approved, ...promoteMade(stages, run, { reason, actor: word.actor }, now)] : approved;
}

/** A training that is declined is not asked for, and a version stays what it is; what was kept quiet as normal is told again; of the rest nothing was in force. */
function declined(
  stages: Pick<Stages, 'silences' | 'retrainings' | 'nameOf'>,
  approval: Approval,
  { id, note, actor }: { readonly id: string; readonly note: string; readonly actor: Actor },
  now: Date,
): readonly NewEntry[] {
  const { retrainings } = stages;
  const { kind } = approval;
  const word = { id, note, actor };
  if (kind === 'TRAINING') return declineRetraining(retrainings, word, now);
  if (kind === 'BASELINE') return speakAgain(stages, approval, actor, now);
  return kind === 'PROMOTION' && retrainings.find(id) ? declinePromotion(retrainings, word, now) : [];
}

/** Ends the silence of what is not normal after all, where it has not ended by itself. */
function speakAgain(
  { silences, nameOf }: Pick<Stages, 'silences' | 'nameOf'>,
  approval: Approval,
  actor: Actor,
  now: Date,
): readonly NewEntry[] {
  const id = termsOf(approval)['silence'];
  const silence = typeof id === 'string' ? silences.find(id) : undefined;
  if (!silence || silenceState(silence, now) === 'EXPIRED') return [];
  return [expireSilence(silences, silence.id, { actor, name: nameOf(actor.id) }, now)];
}

/** Ends what nobody decided in time, and what nobody has to decide any more. */
export function endApprovals(stages: Stages, now: Date): readonly NewEntry[] {
  const pending = stages.approvals.pending();
  const expired = expireApprovals(pending, stages.approvalRules, now);
  const over = new Set(expired.map(({ subject }) => subject.id));
  return [
    ...expired,
    ...pending.flatMap((approval) => {
      const word = { id: approval.id, note: 'nobody decided in time', actor: SYSTEM };
      if (over.has(approval.id)) return declined(stages, approval, word, now);
      const because = outdated(stages, approval);
      return because === null ? [] : [approvalWithdrawn(approval, because, now)];
    }),
  ];
}

/** Why nobody has to decide any more; null where somebody has. */
function outdated(
  stages: Pick<
    Stages,
    'registry' | 'descriptions' | 'policyBook' | 'incidents' | 'seriousIncidents' | 'retrainings'
  >,
  approval: Approval,
): string | null {
  if (approval.kind === 'POLICY') return stages.policyBook.problemOf(approval.id);
  if (approval.kind === 'CLOSE') return closingOutdated(stages, approval) ?? endingOutdated(stages, approval);
  if (approval.kind === 'SERIOUS') return seriousOutdated(stages, approval);
  if (isDescribedAnew(stages, approval)) return 'the model was described anew since it was asked';
  if (isOvertaken(stages, approval)) return 'the stages of versions changed';
  return isOutdated(stages, approval) ? 'what it was to take the place of changed' : null;
}

/** Whether the model is another than the one that was looked at. A training, and what it proposes, compares versions with each other whatever is said of the model. */
function isDescribedAnew(
  { retrainings, descriptions }: Pick<Stages, 'descriptions' | 'retrainings'>,
  { kind, id, model, seq }: Approval,
): boolean {
  if (kind === 'TRAINING' || retrainings.story(id)) return false;
  return descriptions.changedSince(model ?? '', seq);
}

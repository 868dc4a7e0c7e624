import { ApprovalRefusal } from '../approvals/approval-refusal.js';
import type { Approval } from '../approvals/approval.js';
import { isSamePerson } from '../domain/person.js';
import type { Actor, NewEntry } from '../domain/ledger-entry.js';
import { reasonOf } from '../domain/reason.js';
import { POLICY_SUBJECT } from '../policies/active-policies.js';
import { askedBy, answerApproval } from './answer-approval.js';
import type { Stages } from './stages.js';

/** Somebody wants nobody to decide any more, or a policy that was agreed to for a later day not to come into force. */
export interface TakingBack {
  readonly id: string;
  readonly reason: string;
  readonly actor: Actor;
  /** They may say yes and no to what others ask for. */
  readonly mayApprove: boolean;
}

/**
 * Takes back what somebody asked for while it waits, which is for whoever asked; or calls off a policy that was agreed to before its day, which is for
 * whoever asked and for those who may approve. Throws ApprovalRefusal and ReasonMissing.
 */
export async function takeBack(stages: Stages, { id, reason, actor, mayApprove }: TakingBack): Promise<void> {
  await stages.ledger.transact((now) => {
    const approval = stages.approvals.find(id);
    if (!approval) throw new ApprovalRefusal('approval_not_found', `there is no approval ${id}`, 'id');
    const isAsker = askersOf(stages, approval).some((one) => isSamePerson(one, stages.personOf(actor.id)));
    const why = reasonOf(reason, 'reason', 'what was asked for is taken back with its reason');
    return approval.state === 'APPROVED' && stages.policyBook.scheduledFor(id) !== null
      ? callOff(stages, approval, { actor, why, may: isAsker || mayApprove }, now)
      : withdraw(stages, approval, { actor, why, may: isAsker }, now);
  });
}

interface Word {
  readonly actor: Actor;
  readonly why: string;
  readonly may: boolean;
}

function askersOf(stages: Pick<Stages, 'personOf' | 'retrainings'>, approval: Approval): readonly string[] {
  return [approval.askedBy.id, askedBy(stages, approval)].map((id) => stages.personOf(id));
}

function withdraw(
  stages: Stages,
  { id }: Approval,
  { actor, why, may }: Word,
  now: Date,
): readonly NewEntry[] {
  if (!may)
    throw new ApprovalRefusal(
      'not_yours',
      `${id} is taken back by whoever asked for it; somebody else declines it`,
      'id',
    );
  return answerApproval(stages, { id, isYes: false, note: why, actor }, now).entries;
}

/** The policy does not come into force on its day. */
function callOff(
  { policyBook, nameOf }: Pick<Stages, 'policyBook' | 'nameOf'>,
  { id, summary }: Approval,
  { actor, why, may }: Word,
  at: Date,
): readonly NewEntry[] {
  const proposal = policyBook.proposal(id);
  if (!may || !proposal)
    throw new ApprovalRefusal(
      'not_yours',
      `${summary} was agreed to: it is called off by whoever asked for it or by somebody who may approve`,
      'id',
    );
  const { id: policy, version, hash } = proposal;
  const because = `called off by ${nameOf(actor.id)}: ${why}`;
  const data = { id: policy, version, hash, approval: id, because };
  return [{ action: 'policy.withdrawn', actor, at, subject: { type: POLICY_SUBJECT, id: policy }, data }];
}

import { askApproval } from '../approvals/ask-approval.js';
import { peopleNeeded } from '../approvals/approval-rules.js';
import { CodedError } from '../domain/coded-error.js';
import type { Actor, NewEntry } from '../domain/ledger-entry.js';
import { highestTier, riskTier, type Model, type RiskTier } from '../domain/model.js';
import { reasonOf } from '../domain/reason.js';
import { minuteText } from '../domain/wording.js';
import { POLICY_SUBJECT, PolicyVersionTaken, textOf } from '../policies/active-policies.js';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import { modelFacts } from '../policies/facts.js';
import { loadPolicies } from '../policies/load.js';
import type { Rehearsal } from '../policies/policy-proposal.js';
import { rehearsalOf } from './rehearsal-difference.js';
import { rehearsePolicy } from './rehearse-policy.js';
import type { Stages } from './stages.js';

/** A policy that somebody wants in force. */
export interface PolicyWish {
  readonly yaml: string;
  readonly reason: string;
  /** When it is to come into force; null for as soon as others agreed. */
  readonly from: Date | null;
  /** Days of stored results that it is rehearsed on. */
  readonly days: number;
}

/**
 * Rehearses a policy and records it as a draft that waits for others; where the settings ask nobody it is in force at once. Returns the id of the
 * approval. Throws PolicyError, PolicyVersionTaken, StartOver and ReasonMissing.
 */
export async function proposePolicy(stages: Stages, wish: PolicyWish, actor: Actor): Promise<string> {
  const reason = reasonOf(wish.reason, 'reason', 'who agrees has to know what the policy is for');
  const policy = fileAs(stages, wish.yaml);
  demandAhead(wish.from, stages.clock.now());
  demandUnasked(stages, policy);
  const { days } = wish;
  const rehearsal = rehearsalOf(await rehearsePolicy(stages, policy, { days, models: null }), days);
  let approval = '';
  await stages.ledger.transact((now) => {
    // Somebody may have put a version in force while it was rehearsed.
    demandUnasked(stages, policy);
    const drafted = draft(stages, policy, { ...wish, reason, rehearsal, actor }, now);
    approval = drafted.id;
    return drafted.entries;
  });
  if (peopleNeeded(stages.approvalRules, 'POLICY', tierConcerned(stages, policy)) === 0)
    await stages.ledger.transact((now) => stages.policyBook.adopt(approval, now));
  return approval;
}

/** What a text would have done with stored results, and whether it could come into force. Records nothing. Throws PolicyError and PolicyVersionTaken. */
export async function rehearseText(
  stages: Pick<Stages, 'channels' | 'clock' | 'database' | 'policies' | 'policyBook' | 'registry' | 'routes'>,
  yaml: string,
  days: number,
): Promise<Rehearsal> {
  const policy = fileAs(stages, yaml);
  stages.policyBook.demandNew(policy);
  return rehearsalOf(await rehearsePolicy(stages, policy, { days, models: null }), days);
}

/** Throws PolicyVersionTaken for a text that cannot come into force, or that others are asked about already. */
function demandUnasked({ policyBook, approvals, nameOf }: Pick<Stages, 'policyBook' | 'approvals' | 'nameOf'>, policy: CompiledPolicy): void {
  policyBook.demandNew(policy);
  const named = `version ${policy.version} of ${policy.id}`;
  const others = policyBook.proposals().filter(({ id, version }) => id === policy.id && version === policy.version);
  const asked = others.find(({ approval }) => approvals.find(approval)?.state === 'PENDING');
  const waiting = approvals.find(asked?.approval ?? '');
  if (!asked || !waiting) return;
  const isSame = asked.hash === policy.hash;
  const what = isSame ? 'exactly this text' : 'another text under this number';
  const who = `${nameOf(waiting.askedBy.id)} asked for ${what} (tidewatch approval show ${waiting.id})`;
  const next = isSame ? '' : '; give this one a higher version, or let the other be taken back';
  throw new PolicyVersionTaken([`${named} waits already: ${who}${next}`]);
} // prettier-ignore

/** A policy was to come into force on a day that is over: who agrees would sign a day that never held. */
class StartOver extends CodedError {
  override readonly name = 'StartOver';
  readonly code = 'start_over';
  override readonly field = 'from';
}

function demandAhead(from: Date | null, now: Date): void {
  if (from !== null && from < now)
    throw new StartOver(`from: ${from.toISOString()} is over: name a later time, or leave it out for as soon as enough people agreed`);
} // prettier-ignore

/** Under the name of the file that it takes the place of: what is in force keeps its order. */
function fileAs({ policyBook }: Pick<Stages, 'policyBook'>, yaml: string): CompiledPolicy {
  const [read] = loadPolicies([{ name: 'policy.yaml', text: yaml }]).policies;
  // One document is one policy, or loading it throws.
  return { ...(read as CompiledPolicy), file: policyBook.fileOf(read?.id ?? '') };
}

interface Draft extends Omit<PolicyWish, 'yaml'> {
  readonly rehearsal: Rehearsal;
  readonly actor: Actor;
}

function draft(
  stages: Pick<Stages, 'registry' | 'policies' | 'policyBook' | 'approvals' | 'personOf'>,
  policy: CompiledPolicy,
  { reason, from, rehearsal, actor }: Draft,
  now: Date,
): { readonly id: string; readonly entries: readonly NewEntry[] } {
  const { id, version, hash } = policy;
  const person = stages.personOf(actor.id);
  const at = from?.toISOString() ?? null;
  const asked = askApproval(
    {
      kind: 'POLICY',
      model: null,
      tier: tierConcerned(stages, policy),
      summary: summaryOf(policy, from),
      reason,
      terms: { policy: id, version, hash, from: at },
      actor,
      person,
    },
    stages.approvals.count,
    now,
  );
  const replaces = stages.policyBook.hashOf(id);
  const data = { ...textOf(policy), reason, person, from: at, rehearsal, replaces, approval: asked.id };
  const subject = { type: POLICY_SUBJECT, id };
  const proposed: NewEntry = { action: 'policy.proposed', actor, at: now, subject, data };
  return { id: asked.id, entries: [proposed, asked.entry] };
}

/** What is asked for, so that two texts under one number, and two days, are told apart. */
function summaryOf({ id, version, hash }: CompiledPolicy, from: Date | null): string {
  const day = from === null ? '' : ` from ${minuteText(from)} UTC`;
  return `policy ${id} version ${version}${day} (text ${hash.slice(0, 8)})`;
}

/** The highest tier of the models that a policy is about, or that the one it takes the place of was: who is left out is concerned as well. */
function tierConcerned(stages: Pick<Stages, 'registry' | 'policies'>, policy: CompiledPolicy): RiskTier {
  return highestTier(concernedBy(stages, policy).map(({ risk }) => riskTier(risk)));
}

/** Models that a policy is about, or that the one in force under its id is. */
export function concernedBy(
  { registry, policies }: Pick<Stages, 'registry' | 'policies'>,
  policy: CompiledPolicy,
): readonly Model[] {
  const both = [policy, ...policies.filter(({ id }) => id === policy.id)];
  return registry
    .models()
    .map(({ model }) => model)
    .filter((model) => both.some(({ appliesTo }) => appliesTo({ model: modelFacts(model) }) !== false));
}

import { z } from 'zod';
import type { Actor, Json, LedgerEntry } from '../domain/ledger-entry.js';

/** A policy as its entries hold it. */
export const PolicyText = z.object({
  id: z.string(),
  version: z.number(),
  hash: z.string(),
  owner: z.string(),
  enforcement: z.enum(['enforce', 'warn', 'dryrun']),
  file: z.string(),
  legalBasis: z.array(z.string()),
  content: z.json(),
});
export type PolicyText = Omit<z.infer<typeof PolicyText>, 'content'> & { readonly content: Json };

/** Numbers of two sets of policies. */
const Counts = z.object({ active: z.number(), candidate: z.number() });
/** What a policy would have done with stored results, in numbers, beside what those in force would have done. */
export const Rehearsal = z.object({
  days: z.number(),
  windows: z.number(),
  /** Those of models that it applies to; null in entries of before they were counted. */
  concerned: z.number().nullable().default(null),
  alerts: Counts.extend({ added: z.number(), removed: z.number() }),
  retrainings: Counts,
  messagesPerWeek: z.array(Counts.extend({ channel: z.string() })),
  notComputed: z.array(z.string()),
});
export type Rehearsal = z.infer<typeof Rehearsal>;

const Recorded = PolicyText.extend({
  approval: z.string(),
  reason: z.string(),
  person: z.string(),
  from: z.iso.datetime().nullable(),
  rehearsal: Rehearsal,
  replaces: z.string().nullable(),
});

/** A policy that somebody wants in force, under the id of the approval that it waits for. */
export interface PolicyProposal extends PolicyText {
  readonly approval: string;
  readonly reason: string;
  /** Who wants it, as a person. */
  readonly person: string;
  readonly actor: Actor;
  /** When it is to come into force; null for as soon as it is agreed to. */
  readonly from: Date | null;
  readonly rehearsal: Rehearsal;
  /** Hash of the policy in force when it was proposed. */
  readonly replaces: string | null;
  readonly proposedAt: Date;
  readonly seq: number;
}

/** A proposal from its entry. */
export function proposalOf({ data, actor, at, seq }: LedgerEntry): PolicyProposal {
  const { from, ...proposal } = Recorded.parse(data);
  return { ...proposal, from: from === null ? null : new Date(from), actor, proposedAt: at, seq };
}

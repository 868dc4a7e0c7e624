import { z } from 'zod';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import { RetrainMessage } from '../domain/retrain-message.js';

/** What stopped a wanted run at some time, in the guard rail's own words. */
export interface RetrainingStop {
  readonly at: Date;
  readonly guard: string;
  readonly reason: string;
}

/** One decision about training a model, from the wish to what became of it; once there is a run, its own state says more. */
export interface RetrainingStory {
  readonly id: string;
  readonly model: string;
  readonly outcome:
    'deferred' | 'lapsed' | 'refused' | 'recommended' | 'declined' | 'proposed' | 'approved' | 'requested';
  readonly cause: RetrainMessage['cause'];
  readonly requestedAt: Date;
  /** When a run that was put off is decided again, where time alone decides. */
  readonly dueAt: Date | null;
  readonly askedBy: string;
  /** The person who said yes or no. */
  readonly decidedBy: string | null;
  readonly note: string | null;
  readonly stops: readonly RetrainingStop[];
}

const OUTCOMES: Readonly<Record<string, RetrainingStory['outcome']>> = {
  'retraining.deferred': 'deferred',
  'retraining.lapsed': 'lapsed',
  'retraining.refused': 'refused',
  'retraining.recommended': 'recommended',
  'retraining.declined': 'declined',
  'retraining.proposed': 'proposed',
  'retraining.approved': 'approved',
  'retraining.requested': 'requested',
};

/** The cause stands in each entry that begins a story, at a place of its own by the kind of entry. */
const Cause = RetrainMessage.shape.cause;
const Facts = z.object({
  model: z.string().optional(),
  cause: z.union([Cause, z.string()]).optional(),
  request: Cause.optional(),
  message: RetrainMessage.optional(),
  guard: z.string().optional(),
  reason: z.string().optional(),
  note: z.string().optional(),
  dueAt: z.iso.datetime().nullable().optional(),
});

/** The story after one more entry about it; undefined while nothing of it is known. */
export function storyAfter(
  before: RetrainingStory | undefined,
  entry: LedgerEntry,
): RetrainingStory | undefined {
  const outcome = OUTCOMES[entry.action];
  if (!outcome) return before;
  const facts = Facts.parse(entry.data);
  const begun = before ?? begin(entry, facts);
  if (!begun) return undefined;
  const person = outcome === 'approved' || outcome === 'declined' ? entry.actor.id : begun.decidedBy;
  return {
    ...begun,
    outcome,
    dueAt: outcome === 'deferred' && facts.dueAt ? new Date(facts.dueAt) : null,
    decidedBy: person,
    note: facts.note ?? (outcome === 'lapsed' ? (facts.reason ?? null) : begun.note),
    stops: facts.guard
      ? [...begun.stops, { at: entry.at, guard: facts.guard, reason: facts.reason ?? '' }]
      : begun.stops,
  };
}

function begin(entry: LedgerEntry, facts: z.infer<typeof Facts>): RetrainingStory | undefined {
  const cause =
    facts.message?.cause ?? facts.request ?? (typeof facts.cause === 'object' ? facts.cause : undefined);
  const model = facts.message?.model ?? facts.model;
  if (!cause || model === undefined) return undefined;
  return {
    id: entry.subject.id,
    model,
    outcome: 'requested',
    cause,
    requestedAt: entry.at,
    dueAt: null,
    askedBy: entry.actor.id,
    decidedBy: null,
    note: null,
    stops: [],
  };
}

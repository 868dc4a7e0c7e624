import { z } from 'zod';
import { SYSTEM, type LedgerEntry } from '../domain/ledger-entry.js';
import { RetrainMessage } from '../domain/retrain-message.js';
import { causeWith, JoinedWish } from './join-run.js';

/** What stopped a wanted run at some time, in the guard rail's own words. */
export interface RetrainingStop {
  readonly at: Date;
  readonly guard: string;
  readonly reason: string;
}

/** That somebody wanted the run: the service for an incident or by schedule, or a person. */
export interface RetrainingWish {
  readonly at: Date;
  readonly by: string;
  readonly summary: string;
}

/** What a person decided about a training, or about the version that it made. */
export interface PersonsWord {
  readonly at: Date;
  readonly by: string;
  readonly decision: 'approved' | 'rejected' | 'cancelled' | 'promotion_approved' | 'promotion_rejected';
  readonly note: string | null;
}

/** One decision about training a model, from the wish to what became of it; once there is a run, its own state says more. */
export interface RetrainingStory {
  readonly id: string;
  readonly model: string;
  readonly outcome:
    'deferred' | 'lapsed' | 'refused' | 'recommended' | 'declined' | 'proposed' | 'approved' | 'requested';
  /** Why it was wanted first, with the incidents that came to it. */
  readonly cause: RetrainMessage['cause'];
  readonly requestedAt: Date;
  /** Whoever wanted it, in the order in which they asked; the first is `askedBy` at `requestedAt`. */
  readonly wishes: readonly RetrainingWish[];
  /** When time alone will have satisfied all that stops a run which was put off; null where something else must happen. */
  readonly dueAt: Date | null;
  readonly askedBy: string;
  /** The person who said yes or no. */
  readonly decidedBy: string | null;
  readonly note: string | null;
  /** Everything that people decided about it, oldest first. */
  readonly decisions: readonly PersonsWord[];
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

const DECISIONS: Readonly<Record<string, PersonsWord['decision']>> = {
  'retraining.approved': 'approved',
  'retraining.declined': 'rejected',
  'retraining.cancelled': 'cancelled',
  'retraining.promotion_approved': 'promotion_approved',
  'retraining.promotion_declined': 'promotion_rejected',
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
  if (entry.action === 'retraining.joined') return before && joinedBy(before, entry);
  const outcome = OUTCOMES[entry.action];
  if (!outcome) return before && { ...before, decisions: decisionsAfter(before.decisions, entry) };
  const facts = Facts.parse(entry.data);
  const cause = causeIn(facts);
  const begun = before ?? begin(entry, facts);
  if (!begun) return undefined;
  const person = outcome === 'approved' || outcome === 'declined' ? entry.actor.id : begun.decidedBy;
  return {
    ...begun,
    outcome,
    cause: cause ?? begun.cause,
    wishes: cause ? wishesAfter(begun.wishes, entry, facts.request ?? cause) : begun.wishes,
    dueAt: outcome === 'deferred' && facts.dueAt ? new Date(facts.dueAt) : null,
    decidedBy: person,
    note: facts.note ?? (outcome === 'lapsed' ? (facts.reason ?? null) : begun.note),
    decisions: decisionsAfter(begun.decisions, entry),
    stops: stopsAfter(begun.stops, facts, entry.at),
  };
}

/** A run that is wanted for one problem more of its case, or by one person more. */
function joinedBy(before: RetrainingStory, entry: LedgerEntry): RetrainingStory {
  const { request } = JoinedWish.parse(entry.data);
  const cause = causeWith(before.cause, request);
  return { ...before, cause, wishes: wishesAfter(before.wishes, entry, request) };
}

function decisionsAfter(
  decisions: readonly PersonsWord[],
  { action, actor, at, data }: LedgerEntry,
): readonly PersonsWord[] {
  const decision = DECISIONS[action] ?? countedYes(action, data);
  if (!decision) return decisions;
  const note = typeof data['note'] === 'string' && data['note'] !== '' ? data['note'] : null;
  return [...decisions, { at, by: actor.id, decision, note }];
}

/** A yes after which others are still asked: the last one is told by what follows from it. */
const Counted = z.object({ kind: z.enum(['TRAINING', 'PROMOTION']), yes: z.number(), needed: z.number() });

function countedYes(action: string, data: LedgerEntry['data']): PersonsWord['decision'] | null {
  const counted = action === 'approval.given' ? Counted.safeParse(data).data : undefined;
  if (!counted || counted.yes >= counted.needed) return null;
  return counted.kind === 'TRAINING' ? 'approved' : 'promotion_approved';
}

/** Somebody who joins what waits already meets the same stop. */
function stopsAfter(
  stops: readonly RetrainingStop[],
  { guard, reason = '' }: z.infer<typeof Facts>,
  at: Date,
): readonly RetrainingStop[] {
  if (!guard) return stops;
  const last = stops.at(-1);
  return last?.guard === guard && last.reason === reason ? stops : [...stops, { at, guard, reason }];
}

/** A person wants what they say, the service what incidents say; who merely decides again wants nothing new. */
function wishesAfter(
  wishes: readonly RetrainingWish[],
  { actor, at }: LedgerEntry,
  { kind, summary }: RetrainMessage['cause'],
): readonly RetrainingWish[] {
  if ((kind === 'manual') === (actor.id === SYSTEM.id)) return wishes;
  const isKnown = wishes.some((one) => one.by === actor.id && one.summary === summary);
  return isKnown ? wishes : [...wishes, { at, by: actor.id, summary }];
}

function causeIn({ message, request, cause }: z.infer<typeof Facts>): RetrainMessage['cause'] | undefined {
  return message?.cause ?? (typeof cause === 'object' ? cause : request);
}

function begin(entry: LedgerEntry, facts: z.infer<typeof Facts>): RetrainingStory | undefined {
  const cause = causeIn(facts);
  const model = facts.message?.model ?? facts.model;
  if (!cause || model === undefined) return undefined;
  return {
    id: entry.subject.id,
    model,
    outcome: 'requested',
    cause,
    requestedAt: entry.at,
    wishes: [],
    dueAt: null,
    askedBy: entry.actor.id,
    decidedBy: null,
    note: null,
    decisions: [],
    stops: [],
  };
}

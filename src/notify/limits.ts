import { z } from 'zod';
import type { CaseMessage } from '../domain/case-message.js';
import type { HeldFor } from '../domain/digest-message.js';
import { Duration } from '../domain/duration.js';
import { SEVERITIES } from '../domain/incident.js';
import { endOf, isWithin, WEEKLY_TIME } from '../domain/weekly-time.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const Budget = z.strictObject({
  messages: z.number().int().min(1).max(10_000),
  per: Duration.default(7 * 24 * HOUR),
  /** What is held back is told this long after the first of it. */
  digest: Duration.default(HOUR).refine((ms) => ms >= MINUTE, 'at least 1m'),
});
const Quiet = z.strictObject({
  ...WEEKLY_TIME,
  /** Severities that are told all the same. */
  except: z.array(z.enum(SEVERITIES)).default(['critical']),
});

/** Fields of a destination that people read. */
export const LIMIT_FIELDS = { budget: Budget.optional(), quiet: Quiet.optional() };

/** How much a destination wants to hear, and when. */
export interface Limits {
  readonly budget?: z.infer<typeof Budget> | undefined;
  readonly quiet?: z.infer<typeof Quiet> | undefined;
}

/** A message that is not told by itself, and when the digest it is in is due. */
export interface Hold {
  readonly why: HeldFor;
  readonly until: Date;
}

/** What came before a message at its destination. */
export interface Before {
  /** Whether the destination was told of the case by itself; then it is told of its end too. */
  readonly isTold: boolean;
  /** Messages since an instant. */
  readonly posts: (since: Date) => number;
  /** When the next digest is due, where one is. */
  readonly digestDue: Date | null;
}

/** A digest with something critical in it waits for others only so long. */
const CRITICAL_WAIT = 15_000;

/**
 * Whether a message waits for a digest; null sends it. What has become worse, what nobody takes on and the end of what was told by itself are
 * never held back. Quiet comes before the budget, which critical messages wait for only until those that come with them are there.
 */
export function holdFor(limits: Limits, message: CaseMessage, before: Before, now: Date): Hold | null {
  if (message.rises || message.call?.kind === 'escalated') return null;
  if (message.purpose === 'closed' && before.isTold) return null;
  const { quiet, budget } = limits;
  if (quiet && isWithin(quiet, now) && !quiet.except.includes(message.severity))
    return { why: 'quiet', until: endOf(quiet, now) };
  if (!budget || before.posts(new Date(now.getTime() - budget.per)) < budget.messages) return null;
  const isUrgent = message.severity === 'critical' && message.state !== 'CLOSED';
  const due = now.getTime() + (isUrgent ? CRITICAL_WAIT : budget.digest);
  return { why: 'budget', until: new Date(Math.min(due, before.digestDue?.getTime() ?? Infinity)) };
}

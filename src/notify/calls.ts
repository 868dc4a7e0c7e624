import type { Severity } from '../domain/incident.js';
import { SEVERITIES } from '../domain/incident.js';
import { spanText } from '../domain/wording.js';
import type { Way } from './routes.js';

/** A call that went out for a case that nobody took on. */
export interface PastCall {
  readonly kind: 'escalated' | 'reminded';
  readonly at: Date;
  /** Channels that were called; empty for a reminder. */
  readonly channels: readonly string[];
}

/** A case that waits for a person: something in it is open, was told, and nobody has it. */
export interface WaitingCase {
  /** Since when it waits; what was called before is of an earlier wait. */
  readonly since: Date;
  /** Of what waits, by severity. */
  readonly ways: readonly { readonly severity: Severity; readonly way: Way }[];
  readonly calls: readonly PastCall[];
  /** The findings that wait, in words, where not all that is open does; null where all of it waits. */
  readonly only: string | null;
}

/** A call that is due: who hears of it, and why. `channels` are empty for a reminder, which goes to those who know. */
export interface DueCall {
  readonly kind: PastCall['kind'];
  readonly channels: readonly string[];
  readonly text: string;
}

/**
 * The calls that are due for a case: every step of escalation whose time has come and whose channels were not called in this wait, and one reminder,
 * however many were missed. After the last reminder that the route names the wait doubles each time.
 */
export function dueCalls({ since, ways, calls, only }: WaitingCase, now: Date): readonly DueCall[] {
  const waited = now.getTime() - since.getTime();
  const past = calls.filter(({ at }) => at >= since);
  const called = new Set(past.flatMap(({ channels }) => channels));
  const steps = ways.flatMap(({ way }) => way.escalate).filter(({ after }) => after <= waited);
  const channels = [...new Set(steps.flatMap((step) => step.channels))].filter((name) => !called.has(name));
  const span = spanText(waited);
  const text =
    only === null ? `nobody has taken it on for ${span}` : `nobody has taken on for ${span}: ${only}`;
  return [
    ...(channels.length > 0 ? [{ kind: 'escalated', channels, text } as const] : []),
    ...(isReminderDue(reminders(ways), { since, past }, now)
      ? [{ kind: 'reminded', channels: [], text: `still open, ${text}` } as const]
      : []),
  ];
}

/** Of what is most severe. */
function reminders(ways: WaitingCase['ways']): readonly number[] {
  const rank = ({ severity }: { readonly severity: Severity }) => SEVERITIES.indexOf(severity);
  return ways.toSorted((a, b) => rank(b) - rank(a)).find(({ way }) => way.remind.length > 0)?.way.remind ?? []; // prettier-ignore
}

function isReminderDue(
  waits: readonly number[],
  { since, past }: { readonly since: Date; readonly past: readonly PastCall[] },
  now: Date,
): boolean {
  const last = past.findLast(({ kind }) => kind === 'reminded');
  const due = dueAfter(waits, last ? last.at.getTime() - since.getTime() : 0);
  return due !== null && now.getTime() - since.getTime() >= due;
}

/** The first reminder after a time, milliseconds since the wait began; null where none is wanted. */
function dueAfter(waits: readonly number[], after: number): number | null {
  const named = waits.find((wait) => wait > after);
  if (named !== undefined) return named;
  let wait = waits.at(-1) ?? null;
  while (wait !== null && wait <= after) wait *= 2;
  return wait;
}

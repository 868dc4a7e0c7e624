import type { CaseMessage } from '../domain/case-message.js';
import { isLoud } from './case-news.js';

interface Waiting {
  /** Of the destination. */
  readonly kind: string;
  /** When what the message takes the place of would have been sent. */
  readonly waiting: readonly Date[];
  /** How long an edit waits for the next one, ms. */
  readonly debounceMs?: number | undefined;
}

/** Where nothing can be edited, every change is one more message. */
const UNEDITED: ReadonlySet<string> = new Set(['email', 'teams']);
/** What makes nothing worse and is nobody's doing is told there once an hour, with the next that is, or with the end. */
const LATER = 3_600_000;

/** When a message about a case is sent. An edit inherits the time of those it replaces: edits that keep coming must not push each other out for ever. What rises waits for nothing. */
export function dueOf(
  message: CaseMessage,
  { kind, waiting, debounceMs = 15_000 }: Waiting,
  now: Date,
): Date {
  if (message.purpose !== 'updated' || message.rises || message.call) return now;
  const isForLater = UNEDITED.has(kind) && message.said.length === 0 && !isLoud(message);
  const wait = isForLater ? LATER : debounceMs;
  return new Date(Math.min(now.getTime() + wait, ...waiting.map((at) => at.getTime())));
}

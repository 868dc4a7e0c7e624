import { createHash } from 'node:crypto';
import { CodedError } from '../domain/coded-error.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { CHECKS } from '../domain/check-result.js';
import { MATCHED, Matcher, type Meant } from '../domain/matcher.js';
import type { Person } from '../domain/person.js';
import { SILENCE_SUBJECT, silenceState, type Silences } from './silences.js';

/** A silence that cannot be made or ended; nothing was recorded. */
export class SilenceRefusal extends CodedError {
  override readonly name = 'SilenceRefusal';
  constructor(
    readonly code: 'bad_silence' | 'silence_not_found' | 'silence_over' | 'too_long',
    override readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

export interface SilenceWish {
  readonly matchers: readonly { readonly name: string; readonly value: string; readonly equal?: boolean }[];
  /** The findings that alone are meant; left out: whatever matches. */
  readonly only?: readonly Meant[];
  /** Null is now. */
  readonly startsAt: Date | null;
  readonly endsAt: Date;
  readonly comment: string;
}

const YEAR_MS = 366 * 86_400_000;

/**
 * The entry that makes a silence; the same wish at the same instant is the same silence. Throws a SilenceRefusal for one that matches everything,
 * ends before it begins, lasts longer than a year, or does not say why.
 */
export function createSilence(wish: SilenceWish, who: Person, now: Date): { id: string; entry: NewEntry } {
  const startsAt = wish.startsAt ?? now;
  const { endsAt } = wish;
  const comment = wish.comment.trim();
  if (comment === '') throw bad('comment', 'say why: whoever misses a message will ask');
  if (wish.matchers.length === 0)
    throw bad('matchers', 'one at least: a silence about everything hides everything');
  if (endsAt <= startsAt || endsAt <= now) throw bad('endsAt', 'must lie after the start and after now');
  if (endsAt.getTime() - startsAt.getTime() > YEAR_MS) throw bad('endsAt', 'a year at most');
  const matchers = wish.matchers.map((one) => {
    const parsed = Matcher.safeParse(one);
    if (parsed.success) return withKnownCheck(parsed.data);
    throw bad('matchers', `"${one.name}" is nothing to match by; there are ${MATCHED.join(', ')}`);
  });
  const data = {
    matchers,
    ...(wish.only ? { only: wish.only.map((one) => ({ ...one })) } : {}),
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    by: who.name,
    comment,
  };
  const digest = createHash('sha256')
    .update(JSON.stringify([data, now.toISOString()]))
    .digest('hex');
  const id = `sil_${digest.slice(0, 20)}`;
  return { id, entry: { action: 'silence.created', actor: who.actor, at: now, subject: { type: SILENCE_SUBJECT, id }, data } }; // prettier-ignore
}

/** A check that does not exist would be held back for ever and never met. */
function withKnownCheck(matcher: Matcher): Matcher {
  const { name, value } = matcher;
  if (name !== 'check' || value.includes('*') || CHECKS.some((check) => check === value)) return matcher;
  throw bad('matchers', `there is no check "${value}"; there are ${CHECKS.join(', ')}`);
}

/** Ends a silence now. Throws a SilenceRefusal when there is none, or it is over. */
export function expireSilence(state: Silences, id: string, who: Person, now: Date): NewEntry {
  const silence = state.find(id);
  if (!silence) throw new SilenceRefusal('silence_not_found', 'id', `there is no silence ${id}`);
  if (silenceState(silence, now) === 'EXPIRED')
    throw new SilenceRefusal('silence_over', 'id', `${id} ended at ${silence.endsAt.toISOString()}`);
  const subject = { type: SILENCE_SUBJECT, id };
  return { action: 'silence.expired', actor: who.actor, at: now, subject, data: { by: who.name } };
}

function bad(field: string, message: string): SilenceRefusal {
  return new SilenceRefusal('bad_silence', field, `${field}: ${message}`);
}

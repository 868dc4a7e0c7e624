import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Actor, NewEntry } from '../domain/ledger-entry.js';
import type { Deliveries } from './deliveries.js';

/** The mailbox itself: whoever has its mails has the link. */
const MAILBOX: Actor = { type: 'user', id: 'mailbox' };

/** What stands at the end of the link that takes a mailbox out: which one, and that it is ours. */
export function unsubscribeToken(secret: string, destination: string): string {
  return `${Buffer.from(destination).toString('base64url')}.${mac(secret, destination)}`;
}

/** The destination that a token is for; null for one that is not ours. */
export function unsubscribedBy(secret: string, token: string): string | null {
  const [encoded = '', signature = ''] = token.split('.');
  const destination = Buffer.from(encoded, 'base64url').toString();
  const wanted = Buffer.from(mac(secret, destination));
  const given = Buffer.from(signature);
  return wanted.length === given.length && timingSafeEqual(wanted, given) ? destination : null;
}

/** Closes a mailbox that wants no more mails; who was behind it is told to the fallback until somebody opens it again. Asking twice does nothing. */
export function unsubscribe(state: Deliveries, destination: string, at: Date): readonly NewEntry[] {
  if (state.isDisabled(destination) || state.allTo(destination).length === 0) return [];
  const subject = { type: 'destination', id: destination };
  return [{ action: 'destination.unsubscribed', actor: MAILBOX, at, subject, data: {} }];
}

function mac(secret: string, destination: string): string {
  return createHmac('sha256', secret).update(`unsubscribe:${destination}`).digest('base64url');
}

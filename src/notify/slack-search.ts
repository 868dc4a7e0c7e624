import type { WebClient } from '@slack/web-api';
import type { Delivery, Receipt } from './delivery.js';
import { slackErrorCode } from './slack-outcome.js';

/** A message of ours in a channel. */
export interface Place {
  readonly channel: string;
  readonly ts: string;
}

/** Our clock and Slack's may differ by this much. */
const SKEW_S = 60;
const PAGES = 5;

interface Page {
  readonly messages?: readonly { readonly ts?: string; readonly metadata?: unknown }[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

/** Looks for the message with a delivery's id under its root, or in the channel where there is none (any more); null where there is none. Throws what Slack answers. */
export async function searchSlack(
  client: WebClient,
  { channel, root }: { readonly channel: string; readonly root: Place | null },
  delivery: Delivery,
): Promise<Receipt | null> {
  const from = (delivery.firstAttemptAt ?? delivery.requestedAt).getTime() / 1_000 - SKEW_S;
  const range = { channel, oldest: String(from), inclusive: true, include_all_metadata: true, limit: 100 };
  const { history, replies } = client.conversations;
  if (root) {
    try {
      const note = await find(delivery.id, (cursor) => replies({ ...range, ts: root.ts, ...cursor }));
      return note === null ? null : { ...root, note };
    } catch (error) {
      if (slackErrorCode(error) !== 'thread_not_found') throw error;
    }
  }
  const ts = await find(delivery.id, (cursor) => history({ ...range, ...cursor }));
  return ts === null ? null : { channel, ts, ...(root ? { rebind: true } : {}) };
}

async function find(
  id: string,
  page: (cursor: { cursor?: string }) => Promise<Page>,
): Promise<string | null> {
  let cursor: string | undefined;
  for (let count = 0; count < PAGES; count++) {
    const { messages, response_metadata: next } = await page(cursor === undefined ? {} : { cursor });
    const found = messages?.find(({ metadata: held }) => deliveryIdOf(held) === id);
    if (found?.ts !== undefined) return found.ts;
    cursor = next?.next_cursor;
    if (cursor === undefined || cursor === '') return null;
  }
  return null;
}

function deliveryIdOf(held: unknown): string | null {
  const payload = (held as { event_payload?: Record<string, unknown> } | undefined)?.event_payload;
  const id = payload?.['delivery_id'];
  return typeof id === 'string' ? id : null;
}

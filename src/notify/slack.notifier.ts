import { LogLevel, WebClient } from '@slack/web-api';
import { proxiedFetch } from '../config/proxied-fetch.js';
import type { Proxies } from '../config/proxies.js';
import type { CaseMessage } from '../domain/case-message.js';
import type { Message } from '../domain/delivery.js';
import type { Delivery, Receipt } from './delivery.js';
import { isNotice } from './notice-text.js';
import { Notifier, type DeliveryOutcome, type DeliveryReconciliation } from './notifier.js';
import {
  isBroadcast,
  SLACK_RENDERINGS,
  slackDigest,
  slackMessage,
  slackNotice,
  slackTest,
  threadNote,
  type SlackMessage,
} from './slack-message.js';
import { sharePicture } from './slack-picture.js';
import { searchSlack, type Place } from './slack-search.js';
import { slackWeekly } from './slack-weekly.js';
import { slackErrorCode, slackFailure, UNREADABLE } from './slack-outcome.js';

export interface SlackOptions {
  /** Looked at before every message: it may have been rotated. */
  readonly token: string | (() => string);
  /** Another address of the API, for a proxy or a test. */
  readonly apiUrl?: string;
  readonly timeoutMs?: number;
  /** The way out; those of the environment where it is left out. */
  readonly proxies?: Proxies;
  /** Draws what a case is about; null where there is nothing to draw. */
  readonly picture?: (message: CaseMessage) => Promise<Buffer | null>;
  /** Clicks come back, so messages have buttons. */
  readonly isInteractive?: boolean;
}

/** The message that an edit was for is gone or too old to edit. */
const UNEDITABLE = new Set([
  'message_not_found',
  'cant_update_message',
  'edit_window_closed',
  'thread_not_found',
]);
/** The bot may not read history here, now or later: asking again is of no use. */
const FORBIDDEN = new Set([
  'missing_scope',
  'not_allowed_token_type',
  'channel_not_found',
  'not_in_channel',
  'method_deprecated',
]);
const EVENT_TYPE = 'tidewatch_case';

/**
 * One Slack message for each case, edited as the case moves; a thread note only where a person should look. Slack has no idempotency key,
 * so every post carries the delivery id as metadata and doubt is settled by reading the channel.
 */
export class SlackNotifier extends Notifier {
  override readonly kind = 'slack';
  private readonly fetch: ReturnType<typeof proxiedFetch>;
  private current: { readonly token: string; readonly client: WebClient } | null = null;

  constructor(private readonly options: SlackOptions) {
    super();
    this.fetch = proxiedFetch(options.proxies);
  }

  /** The client with the token as it is now. */
  private get client(): WebClient {
    const { token: given } = this.options;
    const token = typeof given === 'string' ? given : given();
    if (this.current?.token !== token) this.current = { token, client: this.connect(token) };
    return this.current.client;
  }

  private connect(token: string): WebClient {
    const { apiUrl, timeoutMs } = this.options;
    // The client's own retries post twice when Slack accepts and then fails, and its queue holds up every channel for one that is
    // rate-limited; both are the outbox's work.
    return new WebClient(token, {
      ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
      timeout: timeoutMs ?? 10_000,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      maxRequestConcurrency: 8,
      allowAbsoluteUrls: false,
      fetch: this.fetch,
      // Failures are reported through the outbox.
      logLevel: LogLevel.ERROR,
    });
  }

  override async deliver(message: Message, delivery: Delivery): Promise<DeliveryOutcome> {
    if (message.type === 'retrain')
      return { kind: 'dead', code: 'not_for_people', error: 'a Slack channel starts no training runs' };
    try {
      const isCase = message.type === 'case';
      const receipt = isCase ? await this.show(message, delivery) : await this.tell(message, delivery);
      return { kind: 'delivered', receipt };
    } catch (error) {
      return slackFailure(error);
    }
  }

  override async reconcile(_message: Message, delivery: Delivery): Promise<DeliveryReconciliation> {
    const root = placeOf(delivery.root);
    const channel = root?.channel ?? delivery.destination.address;
    try {
      const receipt = await searchSlack(this.client, { channel, root }, delivery);
      return receipt === null ? { kind: 'absent' } : { kind: 'found', receipt };
    } catch (error) {
      return unsearched(error);
    }
  }

  private async show(message: CaseMessage, delivery: Delivery): Promise<Receipt> {
    const root = placeOf(delivery.root);
    if (root === null) {
      const place = await this.post(message, delivery);
      await this.illustrate(message, place);
      return { ...place, shown: leadOf(message) };
    }
    try {
      await this.rendered(message, (form) => this.client.chat.update({ ...root, ...form }));
      const note = await this.note(message, delivery, root);
      return { ...root, note, ...(note === null ? {} : await this.illustrateAnew(message, delivery, root)) };
    } catch (error) {
      if (!UNEDITABLE.has(slackErrorCode(error) ?? '')) throw error;
      const place = await this.post(message, delivery);
      await this.illustrate(message, place);
      return { ...place, shown: leadOf(message), rebind: true };
    }
  }

  /** The digest of a day is one message that grows. A training notice is said once, in the thread of the case that asked for it, where there is one. */
  private async tell(
    said: Exclude<Message, CaseMessage | { type: 'retrain' }>,
    delivery: Delivery,
  ): Promise<Receipt> {
    const root = placeOf(delivery.root);
    if (isNotice(said))
      return { ...(await this.say(slackNotice(said, this.options.isInteractive), delivery, root)) };
    if (said.type === 'weekly') return { ...(await this.say(slackWeekly(said), delivery, null)) };
    const form = said.type === 'digest' ? slackDigest(said) : slackTest(said);
    if (root !== null) return this.regrow(form, delivery, root);
    return { ...(await this.say(form, delivery, null)) };
  }

  private async regrow(form: SlackMessage, delivery: Delivery, root: Place): Promise<Receipt> {
    try {
      await this.client.chat.update({ ...root, ...form });
      return { ...root };
    } catch (error) {
      if (!UNEDITABLE.has(slackErrorCode(error) ?? '')) throw error;
      return { ...(await this.say(form, delivery, null)), rebind: true };
    }
  }

  private async say(form: SlackMessage, delivery: Delivery, thread: Place | null): Promise<Place> {
    const channel = thread?.channel ?? delivery.destination.address;
    const answer = await this.client.chat.postMessage({
      channel,
      ...(thread ? { thread_ts: thread.ts } : {}),
      ...form,
      metadata: { event_type: EVENT_TYPE, event_payload: { delivery_id: delivery.id } },
      unfurl_links: false,
      unfurl_media: false,
    });
    return { channel: answer.channel ?? channel, ts: answer.ts ?? '' };
  }

  private async post(message: CaseMessage, delivery: Delivery): Promise<Place> {
    const channel = delivery.destination.address;
    const answer = await this.rendered(message, (form) =>
      this.client.chat.postMessage({
        channel,
        ...form,
        metadata: metadata(message, delivery),
        unfurl_links: false,
        unfurl_media: false,
      }),
    );
    return { channel: answer.channel ?? channel, ts: answer.ts ?? '' };
  }

  /** Shows a new case in its thread. A picture that cannot be drawn, or that Slack does not take, holds up no message and is not tried again. */
  private async illustrate(message: CaseMessage, place: Place): Promise<void> {
    if (message.state === 'CLOSED') return;
    try {
      const png = await this.options.picture?.(message);
      if (png) await sharePicture({ client: this.client, fetch: this.fetch }, place, png);
    } catch {
      // The message says all that the picture shows.
    }
  }

  /** Shows what leads now, where that is another finding than the thread has a picture of, or it is back, and people are notified anyway. */
  private async illustrateAnew(message: CaseMessage, { root }: Delivery, place: Place): Promise<Receipt> {
    const isShown = root?.['shown'] === leadOf(message) && message.purpose !== 'reopened';
    if (isShown || message.state === 'CLOSED') return {};
    await this.illustrate(message, place);
    return { shown: leadOf(message), rebind: true };
  }

  /** The one part of an edit that repeats visibly; comes last, so that finding it means that all was done. */
  private async note(message: CaseMessage, delivery: Delivery, root: Place): Promise<string | null> {
    const text = threadNote(message);
    if (text === null) return null;
    const where = { channel: root.channel, thread_ts: root.ts, reply_broadcast: isBroadcast(message) };
    const answer = await this.client.chat.postMessage({
      ...where,
      text,
      metadata: metadata(message, delivery),
    });
    return answer.ts ?? null;
  }

  /** The fullest rendering that Slack takes. */
  private async rendered<Answer>(
    message: CaseMessage,
    send: (form: SlackMessage) => Promise<Answer>,
  ): Promise<Answer> {
    let refusal: unknown;
    for (const rendering of SLACK_RENDERINGS) {
      try {
        return await send(slackMessage(message, rendering, this.options.isInteractive));
      } catch (error) {
        if (!UNREADABLE.has(slackErrorCode(error) ?? '')) throw error;
        refusal = error;
      }
    }
    throw refusal;
  }
}

/** The finding that a message leads with. */
function leadOf({ findings }: CaseMessage): string {
  return findings[0]?.incidentId ?? '';
}

function metadata(
  message: CaseMessage,
  delivery: Delivery,
): { event_type: string; event_payload: Record<string, string | number> } {
  return {
    event_type: EVENT_TYPE,
    event_payload: { delivery_id: delivery.id, case_id: message.caseId, seq: message.seq },
  };
}

function placeOf(receipt: Receipt | null): Place | null {
  const { channel, ts } = receipt ?? {};
  return typeof channel === 'string' && typeof ts === 'string' ? { channel, ts } : null;
}

function unsearched(error: unknown): DeliveryReconciliation {
  const { code, error: text, ...rest } = slackFailure(error);
  if (FORBIDDEN.has(code)) return { kind: 'unable', code, error: text };
  return {
    kind: 'unknown',
    code,
    error: text,
    retryAfterMs: 'retryAfterMs' in rest ? rest.retryAfterMs : null,
  };
}

import { createTransport, type Transporter } from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js';
import type { Message } from '../domain/delivery.js';
import type { Delivery } from './delivery.js';
import { emailMessage, noticeEmail } from './email-message.js';
import { Notifier, type DeliveryOutcome } from './notifier.js';

export interface EmailOptions {
  /** `smtp://user:password@host:587` or `smtps://…`; looked at before every mail: the password may have been rotated. */
  readonly url: string | (() => string);
  readonly from: string;
  /** Right part of our Message-IDs; must be ours and never change, because threads hang on it. */
  readonly domain: string;
}

/**
 * Cases by mail. Message-IDs are derived from the case, so a mail sent twice in doubt is recognised as one by mail programs, and later
 * mails of the case stand in its thread even when the first was lost.
 */
export class EmailNotifier extends Notifier {
  override readonly kind = 'email';
  private current: {
    readonly url: string;
    readonly transport: Transporter<SMTPPool.SentMessageInfo>;
  } | null = null;

  constructor(private readonly options: EmailOptions) {
    super();
  }

  /** The connection pool for the address as it is now. */
  private get transport(): Transporter<SMTPPool.SentMessageInfo> {
    const { url: given } = this.options;
    const url = typeof given === 'string' ? given : given();
    if (this.current?.url !== url) {
      this.current?.transport.close();
      this.current = { url, transport: connect(url) };
    }
    return this.current.transport;
  }

  override async deliver(message: Message, delivery: Delivery): Promise<DeliveryOutcome> {
    if (message.type === 'retrain')
      return { kind: 'dead', code: 'not_for_people', error: 'a mailbox starts no training runs' };
    const { subject, text, html } = message.type === 'case' ? emailMessage(message) : noticeEmail(message);
    const root = this.messageId(delivery, 1);
    const later = delivery.seq > 1;
    try {
      const { response } = await this.transport.sendMail({
        from: this.options.from,
        to: delivery.destination.address,
        subject: later ? `Re: ${subject}` : subject,
        text,
        html,
        messageId: this.messageId(delivery, delivery.seq),
        ...(later ? { inReplyTo: root, references: [root] } : {}),
        headers: {
          'Auto-Submitted': 'auto-generated',
          'X-Auto-Response-Suppress': 'All',
          'X-Tidewatch-Delivery': delivery.id,
        },
        list: { id: { url: this.options.domain, comment: 'Tidewatch' } },
      });
      return { kind: 'delivered', receipt: { response } };
    } catch (error) {
      return emailFailure(error);
    }
  }

  close(): void {
    this.current?.transport.close();
  }

  private messageId({ stream, destination }: Delivery, seq: number): string {
    const left = [stream, destination.id, seq].join('.').replaceAll(/[^A-Za-z0-9.-]/g, '-');
    return `<case.${left}@${this.options.domain}>`;
  }
}

function connect(url: string): Transporter<SMTPPool.SentMessageInfo> {
  return createTransport({
    url,
    pool: true,
    maxConnections: 5,
    maxMessages: 100,
    // Repeating is the outbox's: it knows that a mail cut off after its data may have been taken.
    maxRequeues: 0,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 30_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as SMTPPool.Options & { maxRequeues: number });
}

/** Failures that come before a mail's data leave, by nodemailer's code; anything else may have come after. */
const BEFORE_DATA = new Set(['EDNS', 'EAUTH', 'ETLS', 'EENVELOPE']);

/** What a failed mail means: an answer of the server says it by its class (RFC 5321 4.2.1), a broken line leaves doubt. */
function emailFailure(error: unknown): DeliveryOutcome {
  const failure = error as {
    readonly message?: string;
    readonly code?: string;
    readonly responseCode?: number;
  };
  const text = failure.message ?? String(error);
  const { responseCode } = failure;
  if (responseCode !== undefined) {
    const code = `smtp_${responseCode}`;
    return responseCode >= 500
      ? { kind: 'refused', code, error: text }
      : { kind: 'retry', code, error: text, retryAfterMs: null };
  }
  const code = (failure.code ?? 'unknown').toLowerCase();
  if (failure.code === 'EAUTH') return { kind: 'refused', code, error: text };
  if (BEFORE_DATA.has(failure.code ?? '')) return { kind: 'retry', code, error: text, retryAfterMs: null };
  return { kind: 'ambiguous', code, error: text };
}

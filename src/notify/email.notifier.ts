import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js';
import type { CaseMessage } from '../domain/case-message.js';
import type { Message } from '../domain/delivery.js';
import type { Delivery } from './delivery.js';
import { PICTURE, PICTURE_ID } from './email-html.js';
import { digestEmail, emailMessage, noticeEmail, testEmail } from './email-message.js';
import { Notifier, type DeliveryOutcome } from './notifier.js';

export interface EmailOptions {
  /** `smtp://user:password@host:587` or `smtps://…`; looked at before every mail: the password may have been rotated. */
  readonly url: string | (() => string);
  readonly from: string;
  /** Right part of our Message-IDs; must be ours and never change, because threads hang on it. */
  readonly domain: string;
  /** Draws what a case is about; null where there is nothing to draw. */
  readonly picture?: (message: CaseMessage) => Promise<Buffer | null>;
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
    const thread = threadOf(message, delivery);
    const root = this.messageId({ ...delivery, stream: thread ?? delivery.stream }, 1);
    const later = delivery.seq > 1 || thread !== null;
    try {
      const mail = await this.mailOf(message);
      const subject = threadSubject(message, delivery, mail.subject);
      const { response } = await this.transport.sendMail({
        from: this.options.from,
        to: delivery.destination.address,
        ...mail,
        subject,
        messageId: this.messageId(delivery, delivery.seq),
        ...(later ? { inReplyTo: root, references: [root] } : {}),
        headers: {
          'Auto-Submitted': 'auto-generated',
          'X-Auto-Response-Suppress': 'All',
          'X-Tidewatch-Delivery': delivery.id,
        },
        list: { id: { url: this.options.domain, comment: 'Tidewatch' } },
      });
      return { kind: 'delivered', receipt: { response, subject: mail.subject } };
    } catch (error) {
      return emailFailure(error);
    }
  }

  private async mailOf(message: Exclude<Message, { type: 'retrain' }>): Promise<Mail> {
    if (message.type === 'test') return testEmail(message);
    if (message.type === 'digest') return digestEmail(message);
    if (message.type !== 'case') return noticeEmail(message);
    const { subject, text, html } = emailMessage(message);
    const picture = await this.draw(message);
    const shown = picture === null ? '' : `<img src="cid:${PICTURE_ID}" width="640" alt="Size of the change window by window, dark since it began" style="width:100%;max-width:640px;height:auto">`; // prettier-ignore
    const attachments = picture === null ? [] : [{ cid: PICTURE_ID, filename: 'change.png', content: picture, contentType: 'image/png' }]; // prettier-ignore
    return { subject, text, html: html.replace(PICTURE, shown), attachments };
  }

  /** A picture that cannot be drawn now holds up no mail. */
  private async draw(message: CaseMessage): Promise<Buffer | null> {
    try {
      return (await this.options.picture?.(message)) ?? null;
    } catch {
      return null;
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

type Mail = Pick<SendMailOptions, 'text' | 'html' | 'attachments'> & { readonly subject: string };

/** Mail programs thread by subject as well: later mails keep that of the first, except where it has become worse, which must not hide in a thread. */
/** The case whose mails a notice follows, where one was sent. */
function threadOf(message: Message, { root }: Delivery): string | null {
  return message.type === 'training_notice' && root !== null ? (message.caseId ?? null) : null;
}

function threadSubject(message: Message, delivery: Delivery, own: string): string {
  const { seq, root } = delivery;
  if (threadOf(message, delivery) === null && (seq === 1 || (message.type === 'case' && message.rises)))
    return own;
  const first = root?.['subject'];
  return `Re: ${typeof first === 'string' ? first : own}`;
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

import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';
import type SMTPPool from 'nodemailer/lib/smtp-pool/index.js';
import type { CaseMessage } from '../domain/case-message.js';
import type { Message } from '../domain/delivery.js';
import { isLoud } from './case-news.js';
import type { Delivery } from './delivery.js';
import { PICTURE, PICTURE_ID } from './email-html.js';
import { digestEmail, emailMessage, noticeEmail, testEmail } from './email-message.js';
import { weeklyEmail } from './email-weekly.js';
import { Notifier, type DeliveryOutcome } from './notifier.js';

export interface EmailOptions {
  /** `smtp://user:password@host:587` or `smtps://…`; looked at before every mail: the password may have been rotated. */
  readonly url: string | (() => string);
  readonly from: string;
  /** Right part of our Message-IDs; must be ours and never change, because threads hang on it. */
  readonly domain: string;
  /** Authority that the server's certificate comes from, PEM, where it is not a public one. */
  readonly ca?: string | undefined;
  /** Signs mails in the name of the domain. */
  readonly dkim?: { readonly selector: string; readonly key: string } | undefined;
  /** Where a mailbox takes itself out; null where it cannot. */
  readonly unsubscribeUrl?: (destination: string) => string;
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
      this.current = { url, transport: connect(url, this.options) };
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
      const response = await this.send({
        from: this.options.from,
        to: delivery.destination.address,
        ...mail,
        subject,
        messageId: this.messageId(delivery, delivery.seq),
        ...(later ? { inReplyTo: root, references: [root] } : {}),
        ...this.forRobots(delivery),
      });
      return { kind: 'delivered', receipt: { response, subject: mail.subject } };
    } catch (error) {
      return emailFailure(error);
    }
  }

  /** A server that takes no mail of this size (552) may take it without its picture. */
  private async send(mail: SendMailOptions): Promise<string> {
    try {
      return (await this.transport.sendMail(mail)).response;
    } catch (error) {
      const { responseCode } = error as { readonly responseCode?: number };
      if (responseCode !== 552 || !mail.attachments?.length) throw error;
      const html = typeof mail.html === 'string' ? mail.html.replaceAll(/<img [^>]*>/gu, '') : '';
      return (await this.transport.sendMail({ ...mail, html, attachments: [] })).response;
    }
  }

  private forRobots({ id, destination }: Delivery): Pick<SendMailOptions, 'headers' | 'list'> {
    // One link takes out one mailbox: of several nobody knows who pressed it.
    const isOne = !destination.address.includes(',');
    const url = isOne ? this.options.unsubscribeUrl?.(destination.id) : undefined;
    const headers = { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'X-Tidewatch-Delivery': id }; // prettier-ignore
    const listId = { url: this.options.domain, comment: 'Tidewatch' };
    if (url === undefined) return { headers, list: { id: listId } };
    return {
      headers: { ...headers, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
      list: { id: listId, unsubscribe: [[url]] },
    };
  }

  private async mailOf(message: Exclude<Message, { type: 'retrain' }>): Promise<Mail> {
    if (message.type === 'test') return testEmail(message);
    if (message.type === 'digest') return digestEmail(message);
    if (message.type === 'weekly') return weeklyEmail(message);
    if (message.type !== 'case') return noticeEmail(message);
    const { subject, text, html } = emailMessage(message);
    const picture = await this.draw(message);
    const shown = picture === null ? '' : `<img src="cid:${PICTURE_ID}" width="640" alt="Size of the change window by window, dark while it was there" style="width:100%;max-width:640px;height:auto">`; // prettier-ignore
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

/** The case whose mails a notice follows, where one was sent. */
function threadOf(message: Message, { root }: Delivery): string | null {
  return message.type === 'training_notice' && root !== null ? (message.caseId ?? null) : null;
}

/**
 * A later mail of a case says what is so now: the thread hangs on References, which most mail programs follow, and a subject that is no longer true does more harm
 * than a second thread. What must not hide in a thread goes without "Re:". A notice keeps the subject of the case that it follows.
 */
function threadSubject(message: Message, delivery: Delivery, own: string): string {
  const { seq, root } = delivery;
  if (message.type === 'case') return seq === 1 || isLoud(message) ? own : `Re: ${own}`;
  if (threadOf(message, delivery) === null && seq === 1) return own;
  const first = root?.['subject'];
  return `Re: ${typeof first === 'string' ? first : own}`;
}

/** What is signed besides the usual: without the last two, mail programs do not offer the link (RFC 8058). */
const SIGNED = 'from:to:subject:date:message-id:mime-version:content-type:in-reply-to:references:auto-submitted:list-id:list-unsubscribe:list-unsubscribe-post'; // prettier-ignore

function connect(url: string, { ca, dkim, domain }: EmailOptions): Transporter<SMTPPool.SentMessageInfo> {
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
    ...(ca === undefined ? {} : { tls: { ca } }),
    ...(dkim === undefined ? {} : { dkim: { domainName: domain, keySelector: dkim.selector, privateKey: dkim.key, headerFieldNames: SIGNED } }), // prettier-ignore
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
  // It was not believed to be who it says it is, so nothing was sent.
  if (/certificate|altnames/iu.test(text))
    return {
      kind: 'refused',
      code: 'smtp_certificate',
      error: `${text}: SMTP_CA names an authority of your own`,
    };
  const code = (failure.code ?? 'unknown').toLowerCase();
  if (failure.code === 'EAUTH') return { kind: 'refused', code, error: text };
  if (BEFORE_DATA.has(failure.code ?? '')) return { kind: 'retry', code, error: text, retryAfterMs: null };
  return { kind: 'ambiguous', code, error: text };
}

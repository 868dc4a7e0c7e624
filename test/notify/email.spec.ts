import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmailNotifier } from '../../src/notify/email.notifier.js';
import { unsubscribe, unsubscribedBy, unsubscribeToken } from '../../src/notify/unsubscribe.js';
import { change, closed, incident } from '../support/incidents.js';
import { DKIM_KEY, MAIL_CERTIFICATE, MAIL_KEY } from '../support/mail-certificate.js';
import { MailServer } from '../support/mail-server.js';
import { OutboxBench } from '../support/outbox-bench.js';

let mail: MailServer;
let notifier: EmailNotifier;
let bench: OutboxBench;

beforeEach(async () => {
  mail = await MailServer.start();
  notifier = new EmailNotifier({
    url: mail.url.replace('//', '//user:password@'),
    from: 'Tidewatch <tidewatch@example.org>',
    domain: 'example.org',
  });
  bench = new OutboxBench({ ops: [{ kind: 'email', to: 'ops@example.org' }] }, [notifier]);
});
afterEach(async () => {
  notifier.close();
  await mail.stop();
});

const age = incident('age');

describe('EmailNotifier behind the outbox', () => {
  it('says what moved, in the thread of its case, and tells robots that it is one', async () => {
    await bench.tell(change('opened', age));
    await bench.drain();
    await bench.tell(change('closed', closed(age)));
    await bench.drain();
    expect(mail.mails.map(({ to }) => to)).toEqual([['ops@example.org'], ['ops@example.org']]);
    const root = mail.header(0, 'message-id');
    expect(root).toMatch(/^<case\.case-1\..+\.1@example\.org>$/);
    expect(mail.header(0, 'in-reply-to')).toBeNull();
    expect([mail.header(1, 'in-reply-to'), mail.header(1, 'references')]).toEqual([root, root]);
    expect(mail.header(1, 'subject')).toBe('Re: [Tidewatch] OVER credit-default 2026.11: age has moved');
    expect(mail.header(0, 'auto-submitted')).toBe('auto-generated');
    expect(mail.mails[0]?.raw).toContain('+2.5 sd over 1 window');
  });

  it('says in every subject what is so now: critical news of a case that was critical stands under its own', async () => {
    await bench.tell(change('opened', age));
    await bench.drain();
    bench.advance(60_000);
    const silent = incident('stream', {
      signal: { ...age.signal, check: 'freshness', feature: null },
      summary: 'freshness: no predictions for 60 min',
    });
    await bench.tell(change('opened', silent));
    bench.advance(15_000);
    await bench.drain();
    bench.advance(60_000);
    await bench.tell(change('amended', incident('age', { severity: 'warning' })));
    bench.advance(3_600_000);
    await bench.drain();
    expect([1, 2].map((i) => mail.header(i, 'subject'))).toEqual([
      '[Tidewatch] CRITICAL credit-default 2026.11: no predictions arrive; also age',
      'Re: [Tidewatch] CRITICAL credit-default 2026.11: no predictions arrive; also age',
    ]);
    expect(mail.header(1, 'references')).toBe(mail.header(0, 'message-id'));
  });

  it('sends the same mail again under the same Message-ID when the line broke after the data', async () => {
    mail.fail({ at: 'answer' });
    await bench.tell(change('opened', age));
    expect(await bench.drain()).toMatchObject({ ambiguous: 1 });
    bench.advance(2_000);
    expect(await bench.drain()).toMatchObject({ delivered: 1 });
    expect(mail.mails).toHaveLength(2);
    expect(mail.header(0, 'message-id')).toBe(mail.header(1, 'message-id'));
  });

  it.each([
    { at: 'login', code: 535 },
    { at: 'login', code: 454 },
    { at: 'recipient', code: 450 },
    { at: 'data', code: 451 },
    { at: 'recipient', code: 550 },
    { at: 'data', code: 554 },
  ] as const)('tries again after $code at the $at', async ({ at, code }) => {
    mail.fail({ at, code });
    await bench.tell(change('opened', age));
    await bench.drain();
    bench.advance(2_000);
    await bench.drain();
    expect(bench.deliveries.list()).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    expect(mail.mails).toHaveLength(1);
  });

  it('lets no name break out of a header or of the HTML', async () => {
    const signal = { ...age.signal, version: '1\r\nBcc: evil@example.org' };
    await bench.tell(change('opened', incident('age', { signal, summary: '<img src=x onerror=alert(1)>' })));
    await bench.drain();
    expect(mail.header(0, 'bcc')).toBeNull();
    expect(mail.mails[0]?.raw.split('text/html')[1]).not.toContain('<img');
  });
});

describe('a mail server of a company', () => {
  const opened: { close(): void }[] = [];
  let secure: MailServer;
  afterEach(async () => {
    for (const one of opened.splice(0)) one.close();
    await secure.stop();
  });
  const benchTo = async (to: string, more: Partial<ConstructorParameters<typeof EmailNotifier>[0]> = {}) => {
    secure = await MailServer.start({ key: MAIL_KEY, cert: MAIL_CERTIFICATE });
    const email = new EmailNotifier({ url: `${secure.url}?requireTLS=true`, from: 'tidewatch@example.org', domain: 'example.org', ...more }); // prettier-ignore
    opened.push(email);
    return new OutboxBench({ ops: [{ kind: 'email', to }] }, [email]);
  };

  it('is believed with its own authority, and not without', async () => {
    const stranger = await benchTo('ops@example.org');
    await stranger.tell(change('opened', age));
    await stranger.drain();
    expect(stranger.deliveries.list()).toMatchObject([{ state: 'retry', code: 'smtp_certificate' }]);
    expect(secure.mails).toEqual([]);
    await secure.stop();
    const known = await benchTo('ops@example.org', { ca: MAIL_CERTIFICATE });
    await known.tell(change('opened', age));
    await known.drain();
    expect(known.deliveries.list()).toMatchObject([{ state: 'delivered' }]);
  });

  it('gets signed mails with one link that takes the mailbox out, which is signed too', async () => {
    const unsubscribeUrl = (id: string) => `https://t.example/v1/unsubscribe/${unsubscribeToken('secret', id)}`; // prettier-ignore
    const dkim = { selector: 'tidewatch', key: DKIM_KEY };
    const signed = await benchTo('ops@example.org', { ca: MAIL_CERTIFICATE, dkim, unsubscribeUrl });
    await signed.tell(change('opened', age));
    await signed.drain();
    const link = /^<https:\/\/t\.example\/v1\/unsubscribe\/(\S+)>$/u.exec(
      secure.header(0, 'list-unsubscribe') ?? '',
    );
    const id = signed.deliveries.list()[0]?.destination.id ?? '';
    expect(unsubscribedBy('secret', link?.[1] ?? '')).toBe(id);
    expect(unsubscribedBy('another', link?.[1] ?? '')).toBeNull();
    expect(secure.header(0, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    const signature = secure.header(0, 'dkim-signature')?.replaceAll(/\s/gu, '') ?? '';
    expect(signature).toMatch(/d=example\.org;.*s=tidewatch;/u);
    expect(signature).toMatch(/h=[^;]*list-unsubscribe:list-unsubscribe-post/iu);
    await signed.ledger.transact((now) => unsubscribe(signed.deliveries, id, now));
    await signed.ledger.transact((now) => unsubscribe(signed.deliveries, id, now));
    await signed.tell(change('opened', incident('income'), { caseId: 'case-2' }));
    await signed.drain();
    expect(secure.mails).toHaveLength(1);
    expect(signed.entriesOf('destination.unsubscribed')).toHaveLength(1);
    expect(signed.deliveries.list().some(({ destination }) => destination.kind === 'console')).toBe(true);
  });

  it('is sent a mail without its picture when it takes none of that size, and waits as long as greylisting asks', async () => {
    const picture = async () => Buffer.alloc(100_000, 1);
    const full = await benchTo('ops@example.org', { ca: MAIL_CERTIFICATE, picture });
    secure.fail({ at: 'recipient', code: 451 });
    await full.tell(change('opened', age));
    await full.drain();
    expect(full.deliveries.list()).toMatchObject([{ state: 'retry', code: 'smtp_451' }]);
    secure.fail({ at: 'data', code: 552 });
    full.advance(3_000);
    await full.drain();
    expect(full.deliveries.list()).toMatchObject([{ state: 'delivered' }]);
    expect(secure.mails[0]?.raw).not.toContain('image/png');
  });

  it('is told the domain of a unicode address in ASCII, and the rest as it is', async () => {
    const abroad = await benchTo('Jörg <ops@müller.example>', { ca: MAIL_CERTIFICATE });
    await abroad.tell(change('opened', age));
    await abroad.drain();
    // The server shows people what the wire has in ASCII.
    expect(secure.mails[0]?.to).toEqual(['ops@müller.example']);
    expect(secure.header(0, 'to')).toMatch(/^=\?UTF-8\?Q\?J=C3=B6rg\?= <ops@xn--mller-kva\.example>$/u);
  });
});

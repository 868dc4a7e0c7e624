import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmailNotifier } from '../../src/notify/email.notifier.js';
import { change, closed, incident } from '../support/incidents.js';
import { MailServer } from '../support/mail-server.js';
import { OutboxBench } from '../support/outbox-bench.js';

let mail: MailServer;
let notifier: EmailNotifier;
let bench: OutboxBench;

beforeEach(async () => {
  mail = await MailServer.start();
  notifier = new EmailNotifier({
    url: mail.url,
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
    expect(mail.header(1, 'subject')).toBe(`Re: ${mail.header(0, 'subject')}`);
    expect(mail.header(0, 'auto-submitted')).toBe('auto-generated');
    expect(mail.mails[0]?.raw).toContain('last told location 1.61 sd (+2.5 sd)');
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

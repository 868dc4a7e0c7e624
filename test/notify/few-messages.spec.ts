import { afterAll, beforeAll, expect, it } from 'vitest';
import { EmailNotifier } from '../../src/notify/email.notifier.js';
import { SlackNotifier } from '../../src/notify/slack.notifier.js';
import { change, closed, incident } from '../support/incidents.js';
import { MailServer } from '../support/mail-server.js';
import { OutboxBench } from '../support/outbox-bench.js';
import { SlackServer } from '../support/slack-server.js';

const CHANNEL = 'C0123456789';
const MINUTE = 60_000;

let mail: MailServer;
let slack: SlackServer;
let post: EmailNotifier;
beforeAll(async () => {
  mail = await MailServer.start();
  slack = await SlackServer.start({ channels: [CHANNEL] });
});
afterAll(async () => {
  post?.close();
  await mail?.stop();
  await slack?.stop();
});

function bench(): OutboxBench {
  post?.close();
  const ops = [{ kind: 'slack', channel: CHANNEL }, { kind: 'email', to: 'ops@example.org' }] as const;
  const chat = new SlackNotifier({ token: 'xoxb-test', apiUrl: slack.url });
  post = new EmailNotifier({ url: mail.url, from: 'tidewatch@example.org', domain: 'example.org' });
  return new OutboxBench({ ops }, [chat, post]);
} // prettier-ignore

/** What came to each since the last look: subjects of mails, and what everybody in the channel sees. */
let seen = { mails: 0, posts: 0 };
function news(): { readonly mails: readonly string[]; readonly posts: readonly string[] } {
  const subjects = mail.mails.map((_, i) => mail.header(i, 'subject') ?? '');
  const posts = slack.visible(CHANNEL).map(({ text }) => text);
  const found = { mails: subjects.slice(seen.mails), posts: posts.slice(seen.posts) };
  seen = { mails: subjects.length, posts: posts.length };
  return found;
}

async function after(at: OutboxBench, minutes: number): Promise<ReturnType<typeof news>> {
  at.advance(minutes * MINUTE);
  await at.drain();
  await at.outbox.idle();
  return news();
}

const mild = { severity: 'warning' } as const;

it('one fault is one opening, one rise and one end, to each; what joins without making it worse is news of those', async () => {
  const at = bench();
  const age = incident('age', mild);
  await at.tell(change('opened', age));
  expect(await after(at, 0)).toMatchObject({ mails: { length: 1 }, posts: { length: 1 } });
  await at.tell(change('opened', incident('income', mild)));
  await at.tell(change('amended', { ...age, proposal: 'pin it' }));
  expect(await after(at, 5)).toEqual({ mails: [], posts: [] });
  // What rises waits for nothing, and has the news that nobody was told of.
  await at.tell(change('escalated', { ...age, severity: 'critical' }));
  const { mails, posts } = await after(at, 0);
  expect([mails.length, posts.length]).toEqual([1, 1]);
  expect(mails[0]).toContain('CRITICAL credit-default');
  expect(posts[0]).toContain('Now critical');
  expect(mail.mails.at(-1)?.raw).toMatch(/opened: income: median/u);
  await at.tell(change('closed', { ...closed(incident('income', mild)), closeReason: 'recovered' }));
  expect(await after(at, 5)).toEqual({ mails: [], posts: [] });
  await at.tell(change('closed', { ...closed({ ...age, severity: 'critical' }), closeReason: 'recovered' }));
  expect((await after(at, 0)).mails).toEqual([expect.stringContaining('OVER credit-default')]);
  expect((await after(at, 120)).mails).toEqual([]);
});

it('by mail, what joined is told within the hour where nothing else is; what is critical or what people did, at once', async () => {
  const at = bench();
  const age = incident('age', mild);
  await at.tell(change('opened', age));
  await after(at, 0);
  await at.tell(change('opened', incident('income', mild)));
  expect((await after(at, 59)).mails).toEqual([]);
  expect((await after(at, 1)).mails).toHaveLength(1);
  expect(mail.mails.at(-1)?.raw).toMatch(/opened: income: median/u);
  await at.tell(change('opened', incident('tenure', { severity: 'critical' })));
  await at.tell(change('opened', incident('region', { severity: 'critical' })));
  expect((await after(at, 0.3)).mails).toHaveLength(1);
  await at.tell(change('opened', incident('debt', { severity: 'critical' })));
  expect((await after(at, 0.3)).mails).toHaveLength(1);
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/config.js';
import { HttpSender } from '../../src/notify/http-sender.js';
import { notifiersFrom } from '../../src/notify/notifiers-from.js';
import { planNotice } from '../../src/notify/plan-notice.js';
import { SlackNotifier } from '../../src/notify/slack.notifier.js';
import { change, closed, incident } from '../support/incidents.js';
import { Crash } from '../support/memory-ledger.js';
import { OutboxBench } from '../support/outbox-bench.js';
import { SlackServer } from '../support/slack-server.js';

const CHANNEL = 'C0ALERTS01';
const OTHER = 'C0OTHERS01';
const MINUTE = 60_000;
let slack: SlackServer;
let bench: OutboxBench;

beforeEach(async () => {
  slack = await SlackServer.start({ channels: [CHANNEL, OTHER], burst: 3, now: () => bench.time.getTime() });
  bench = benchWaiting(60_000);
});
afterEach(async () => slack.stop());

/** A bench whose client waits so long for an answer: only a server that hangs may be given up. */
function benchWaiting(timeoutMs: number, png: Buffer | null = null): OutboxBench {
  const channels = {
    ops: [{ kind: 'slack', channel: CHANNEL }],
    risk: [{ kind: 'slack', channel: OTHER }],
  } as const;
  const fresh = new OutboxBench(channels, [
    new SlackNotifier({ token: 'xoxb-test', apiUrl: slack.url, timeoutMs, picture: async () => png }),
  ]);
  fresh.time = new Date(1_795_000_000_000);
  return fresh;
}

const age = incident('age');

/** Drains until nothing is owed any more, as the running service does over the minutes. */
async function settle(): Promise<void> {
  for (let round = 0; round < 40 && bench.deliveries.nextDueAt() !== null; round++) {
    await bench.drain();
    bench.advance(MINUTE);
  }
}

describe('SlackNotifier behind the outbox', () => {
  it.each(['accept-then-500', 'accept-then-hang', 'accept-then-reset'] as const)(
    'shows one message after %s',
    async (fault) => {
      if (fault === 'accept-then-hang') bench = benchWaiting(2_000);
      slack.fail('chat.postMessage', fault);
      await bench.tell(change('opened', age));
      expect(await bench.drain()).toMatchObject({ ambiguous: 1 });
      await settle();
      expect(slack.visible(CHANNEL)).toHaveLength(1);
      expect(slack.calls.map(({ method }) => method)).toEqual(['chat.postMessage', 'conversations.history']);
      expect(bench.dataOf('delivery.delivered')).toMatchObject([
        { reconciled: true, receipt: { ts: slack.posts[0]?.ts } },
      ]);
    },
  );

  it('shows a new case as a picture in its thread, once, and tells it all the same where Slack takes none', async () => {
    const png = Buffer.from('a picture');
    bench = benchWaiting(60_000, png);
    await bench.tell(change('opened', age));
    await settle();
    const inThread = { channel: CHANNEL, threadTs: slack.posts[0]?.ts, bytes: png };
    expect(slack.files).toEqual([inThread]);
    await bench.tell(change('escalated', { ...age, effect: 4 }));
    await settle();
    expect(slack.files).toEqual([inThread]);
    // Once another finding leads, that is shown, and nothing twice.
    await bench.tell(change('closed', closed(age), { notify: true }), change('opened', incident('tenure')));
    await settle();
    await bench.tell(change('escalated', incident('tenure', { effect: 4 })));
    await settle();
    expect(slack.files).toEqual([inThread, inThread]);
    slack.fail('files.getUploadURLExternal', { error: 'missing_scope' });
    await bench.tell(change('opened', incident('income'), { caseId: 'case-2' }));
    await settle();
    expect([slack.files.length, slack.posts.filter(({ threadTs }) => threadTs === null).length]).toEqual([
      2, 2,
    ]);
    expect(bench.deliveries.list('delivered')).toHaveLength(5);
  });

  it('says the steps of a training in the thread of the case that asked for it, once', async () => {
    await bench.tell(change('opened', age));
    await settle();
    const { channels, deliveries } = bench;
    const links = { retraining: 'https://t.example/retrainings/r1', model: 'https://t.example/models/m' };
    const step = {
      retrainingId: 'r1',
      caseId: 'case-1',
      model: 'm',
      version: '7',
      owner: 'risk',
      end: 'proposed',
    } as const;
    const said = { at: bench.time.toISOString(), cause: 'drift', summary: 'somebody has to say', links };
    const audience = { caseId: 'case-1', channels: [], followersOnly: true };
    for (let beat = 0; beat < 2; beat += 1)
      await bench.ledger.transact((now) =>
        planNotice(
          { notice: { type: 'training_notice', ...step, ...said }, stream: 'r1:proposed' },
          audience,
          { channels, deliveries },
          now,
        ),
      );
    await settle();
    const [root, ...replies] = slack.posts;
    expect(slack.visible(CHANNEL)).toEqual([root]);
    expect(replies).toMatchObject([
      {
        threadTs: root?.ts,
        text: expect.stringContaining('training of m 7 waits for a yes or no') as string,
      },
    ]);
  });

  it('posts after a failure that posted nothing', async () => {
    slack.fail('chat.postMessage', 'fail-500', { error: 'internal_error' });
    await bench.tell(change('opened', age));
    await settle();
    expect(slack.visible(CHANNEL)).toHaveLength(1);
    expect(bench.deliveries.list('delivered')).toMatchObject([{ attempts: 3 }]);
  });

  it('ends between the post and its record: the next start finds the message instead of posting again', async () => {
    await bench.tell(change('opened', age));
    bench.ledger.crashBefore('delivery.delivered');
    await expect(bench.drain()).rejects.toThrow(Crash);
    bench.restart();
    bench.advance(MINUTE);
    await settle();
    expect(slack.visible(CHANNEL)).toHaveLength(1);
    expect(bench.deliveries.list()).toMatchObject([{ state: 'delivered' }]);
  });

  it('does not need the history while it cannot be read, and asks again', async () => {
    slack.fail('chat.postMessage', 'accept-then-500');
    slack.fail('conversations.history', { retryAfter: 30 });
    await bench.tell(change('opened', age));
    await settle();
    expect(slack.visible(CHANNEL)).toHaveLength(1);
    expect(slack.calls.filter(({ method }) => method === 'chat.postMessage')).toHaveLength(1);
  });

  it('rather tells twice than never when it may not read the history', async () => {
    slack.fail('chat.postMessage', 'fail-500');
    slack.fail('conversations.history', { error: 'missing_scope' });
    await bench.tell(change('opened', age));
    await settle();
    expect(slack.visible(CHANNEL)).toHaveLength(1);
  });

  it('waits as long as Slack asks, in that channel only', async () => {
    slack.fail('chat.postMessage', { retryAfter: 90 });
    await bench.tell(change('opened', age));
    expect(await bench.drain()).toMatchObject({ retried: 1 });
    await bench.tell(change('opened', incident('income', { channels: ['risk'] }), { caseId: 'case-2' }));
    expect(await bench.drain()).toMatchObject({ delivered: 1 });
    bench.advance(89_999);
    await bench.drain();
    expect(slack.visible(CHANNEL)).toHaveLength(0);
    bench.advance(1);
    expect(await bench.drain()).toMatchObject({ delivered: 1 });
  });

  it('gets a storm of cases through a bucket of three, each once', async () => {
    for (let index = 0; index < 12; index++)
      await bench.tell(change('opened', incident(`f${index}`), { caseId: `case-${index}` }));
    await settle();
    expect(slack.visible(CHANNEL)).toHaveLength(12);
    expect(slack.duplicates()).toEqual([]);
  });

  it('edits the one message as the case moves, and notes in its thread what a person should see', async () => {
    await bench.tell(change('opened', age));
    await settle();
    await bench.tell(change('recovering', { ...age, state: 'RECOVERING' }));
    await settle();
    await bench.tell(change('opened', incident('income', { severity: 'warning' })));
    await settle();
    await bench.tell(
      change('closed', closed(age), { notify: false }),
      change('closed', closed(incident('income')), { notify: false }),
    );
    await settle();
    const [root] = slack.visible(CHANNEL);
    expect(slack.visible(CHANNEL)).toHaveLength(1);
    expect(root).toMatchObject({ edits: 3, text: expect.stringContaining('Recovered') });
    expect(slack.thread(root?.ts ?? '').map(({ text }) => text)).toEqual([
      '➕ New: income: median × 1.609',
      expect.stringContaining('Closed'),
    ]);
  });

  it('never says that what ended with its version has recovered', async () => {
    await bench.tell(change('opened', age), change('opened', incident('income')));
    await settle();
    const reason = 'version 2 has taken over';
    const ends = [age, incident('income')].map((one) => ({
      ...closed(one),
      closeReason: 'superseded' as const,
    }));
    await bench.tell(...ends.map((one) => change('superseded', one, { reason })));
    await settle();
    const [root] = slack.visible(CHANNEL);
    const facts = 'age: median × 1.609; +2.5 sd over 1 window; also income';
    const text = `Superseded (version 2 has taken over): ${facts}`;
    expect(root).toMatchObject({ edits: 1, text: expect.stringContaining(text) });
    const note = text.replace(facts, `age has moved: ${facts}`);
    expect(slack.thread(root?.ts ?? '').map((one) => one.text)).toEqual([expect.stringContaining(note)]);
    expect(JSON.stringify(slack.posts)).not.toContain('Recovered');
  });

  it('notes once in the thread when Slack fails after taking the note', async () => {
    await bench.tell(change('opened', age));
    await settle();
    slack.fail('chat.postMessage', 'accept-then-500');
    await bench.tell(change('escalated', { ...age, effect: 9 }));
    await settle();
    expect(slack.thread(slack.posts[0]?.ts ?? '')).toHaveLength(1);
    expect(slack.duplicates()).toEqual([]);
  });

  it('posts anew when somebody deleted the message, and edits the new one from then on', async () => {
    await bench.tell(change('opened', age));
    await settle();
    slack.remove(slack.posts[0]?.ts ?? '');
    await bench.tell(change('escalated', age));
    await settle();
    await bench.tell(change('closed', closed(age)));
    await settle();
    expect(slack.visible(CHANNEL)).toMatchObject([{ edits: 1, text: expect.stringContaining('Recovered') }]);
  });

  it.each([
    'channel_not_found',
    'not_in_channel',
    'invalid_auth',
    'is_archived',
    'token_revoked',
    'account_inactive',
    'restricted_action',
  ])('tries again after %s, which a person can put right', async (error) => {
    slack.fail('chat.postMessage', { error });
    await bench.tell(change('opened', age));
    expect(await bench.drain()).toMatchObject({ retried: 1, dead: [] });
    expect(bench.deliveries.list('retry')).toMatchObject([{ code: error, attempts: 1 }]);
    bench.advance(2_000);
    expect(await bench.drain()).toMatchObject({ delivered: 1 });
    expect(slack.visible(CHANNEL)).toHaveLength(1);
  });

  it('takes the token that its file holds at the next attempt', async () => {
    let token = 'xoxb-revoked';
    const config = parseConfig({ SLACK_BOT_TOKEN_FILE: '/run/slack', SLACK_API_URL: slack.url }, () => token);
    const parts = {
      clock: { now: () => bench.time },
      http: new HttpSender({}),
      write: () => undefined,
      destinations: () => new Map(),
      unsubscribeUrl: () => '',
      picture: async () => null,
    };
    bench = new OutboxBench({ ops: [{ kind: 'slack', channel: CHANNEL }] }, notifiersFrom(config, parts));
    await bench.tell(change('opened', age));
    expect(await bench.drain()).toMatchObject({ retried: 1 });
    token = 'xoxb-test';
    bench.advance(2_000);
    expect(await bench.drain()).toMatchObject({ delivered: 1 });
  });

  it('says less when Slack refuses the blocks', async () => {
    slack.fail('chat.postMessage', { error: 'invalid_blocks' }, { error: 'msg_too_long' });
    await bench.tell(change('opened', age));
    await bench.drain();
    expect(slack.visible(CHANNEL)).toMatchObject([
      { blocks: [], text: expect.stringContaining('median × 1.609') },
    ]);
  });

  it('stays within the limits and calls nobody, whatever the names in the data', async () => {
    const evil = '<!channel> & <@U1> '.repeat(200);
    const many = Array.from({ length: 60 }, (_, index) => incident(`${evil}${index}`, { effect: index }));
    await bench.tell(...many.map((one) => change('opened', one)));
    expect(await bench.drain()).toMatchObject({ delivered: 1 });
    expect(JSON.stringify(slack.posts.map(({ blocks }) => blocks.slice(1)))).not.toMatch(/<[!@#]/);
    expect(slack.posts[0]?.text).not.toMatch(/<[!@#]/);
    const texts = JSON.stringify(slack.posts[0]?.blocks).match(/"type":"mrkdwn"/g);
    expect(texts).toHaveLength(JSON.stringify(slack.posts[0]?.blocks).match(/"verbatim":true/g)?.length ?? 0);
    expect(JSON.stringify(slack.posts[0]?.blocks).length).toBeLessThanOrEqual(12_000);
    expect(slack.calls).toHaveLength(1);
  });
});

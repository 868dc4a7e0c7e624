import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageFolder } from '../../src/config/package-folder.js';
import type { Verdict } from '../../src/domain/incident.js';
import { actOnCase } from '../../src/pipeline/act-on-case.js';
import { unsubscribeToken } from '../../src/notify/unsubscribe.js';
import { keepHouse } from '../../src/pipeline/housekeeping.js';
import { says } from '../support/incident-log.js';
import { judgeHour } from '../support/judge.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { signedClick } from '../support/slack-click.js';
import { SlackServer } from '../support/slack-server.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const NOW = new Date('2026-11-25T10:00:00Z');
const HOUR = 3_600_000;
const CHANNEL = 'C0123456789';
const SIGNING = '8f742231b10e8888abcd99yyyzzz85a5';
const BASE = Math.floor(NOW.getTime() / HOUR);

let app: Launched;
let receiver: WebhookCollector;
let slack: SlackServer;
let hour = BASE;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-people-'));
  receiver = await WebhookCollector.start({ keys: [SECRET], now: () => app.clock.now().getTime() / 1000 });
  await writeFile(
    join(directory, 'channels.yaml'),
    `channels: { ops: [{ kind: webhook, url: "${receiver.url}", secret: "${SECRET}" }], chat: [{ kind: slack, channel: ${CHANNEL} }] }
people: [{ name: anna, slack: U0000001, team: T0123456 }]
routes: [{ match: ["feature=called"], escalate: [{ after: 30m, channels: [chat] }], remind: [4h, 8h] }]`,
  );
  slack = await SlackServer.start({ channels: [CHANNEL] });
  app = await launch({
    now: NOW,
    directory,
    environment: {
      TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8',
      SLACK_BOT_TOKEN: 'xoxb-test',
      SLACK_API_URL: slack.url,
      SLACK_SIGNING_SECRET: SIGNING,
    },
  });
  await app.query(
    'mutation { modelRegister(input: { yaml: "key: m\\ntask: binary\\npositive: bad\\nowner: risk-team\\nrisk: { impact: high, frequency: high }" }) { userErrors { message } } }',
  );
}, 120_000);
afterAll(async () => {
  await app?.close();
  await receiver?.stop();
  await slack?.stop();
  if (app) await rm(app.directory, { recursive: true, force: true });
});

/** What the spine does with the verdicts of the next window, and what is delivered then. */
async function judge(...verdicts: readonly Verdict[]): Promise<void> {
  await judgeHour(app, ++hour, verdicts);
  await deliver();
}

async function deliver(): Promise<void> {
  app.clock.advance(20_000);
  await app.service.stages.outbox.drain(app.clock.now());
}

const purposes = () => receiver.events().map(({ type }) => type);
const found = (feature: string, more: Parameters<typeof says>[0] = {}) => says({ feature, channels: ['ops'], ...more }); // prettier-ignore

async function openCase(): Promise<string> {
  const { cases } = await app.query<{ cases: { id: string }[] }>('{ cases(filter: { state: OPEN }) { id } }');
  return cases[0]?.id ?? '';
}

describe('a case', () => {
  it('is taken on, given, noted and closed through the API and its page, by name, and everybody hears of the end', async () => {
    await judge(found('age'), found('income'));
    const id = await openCase();
    const answer = await app.query(
      `mutation ($id: ID!) { caseAcknowledge(input: { id: $id }) { case { incidents { state acknowledgedBy } file { acknowledgedBy } } userErrors { message } } }`,
      { id },
    );
    expect(answer).toEqual({
      caseAcknowledge: {
        case: {
          incidents: [
            { state: 'ACKNOWLEDGED', acknowledgedBy: 'admin' },
            { state: 'ACKNOWLEDGED', acknowledgedBy: 'admin' },
          ],
          file: { acknowledgedBy: 'admin' },
        },
        userErrors: [],
      },
    });
    const post = async (verb: string, form: Record<string, string>) => {
      const headers = { cookie: `tidewatch_key=${ADMIN_KEY}`, origin: app.url };
      const init = { method: 'POST', headers, body: new URLSearchParams(form), redirect: 'manual' } as const;
      return (await fetch(`${app.url}/cases/${id}/${verb}`, init)).status;
    };
    expect(await post('assign', { to: 'anna' })).toBe(303);
    expect(await post('note', { note: 'the export was <restarted>' })).toBe(303);
    // Nobody says "unknown" by leaving a form empty.
    for (const form of [{}, { rootCause: '', note: 'x' }, { rootCause: 'UNKNOWN', note: ' ' }])
      expect(await post('close', form)).toBe(400);
    const page = await fetch(`${app.url}/cases/${id}`, { headers: { cookie: `tidewatch_key=${ADMIN_KEY}` } });
    const text = await page.text();
    expect(text).toContain('with anna · acknowledged by admin');
    expect(text).toContain('the export was &lt;restarted&gt;');
    expect(await post('close', { rootCause: 'UPSTREAM_DATA', note: 'unit fixed' })).toBe(303);
    await deliver();
    // The edit that it was taken on waited for others, and the end takes its place.
    expect(purposes()).toEqual(['io.tidewatch.case.opened.v1', 'io.tidewatch.case.closed.v1']);
    const { alerting } = await app.query<{ alerting: object }>(
      '{ alerting { cases precision { check told real } flaps { title proposal } } }',
    );
    expect(alerting).toMatchObject({
      cases: 1,
      precision: [{ check: 'feature_drift', told: 2, real: 2 }],
      flaps: [],
    });
    expect(await (await fetch(`${app.url}/schemas/case.v1.json`)).json()).toMatchObject({
      properties: { briefing: {}, news: {}, rises: {} },
    });
  });
});

describe('a silence', () => {
  const create = async (value: string) => {
    const endsAt = new Date(app.clock.now().getTime() + HOUR).toISOString();
    const answer = await app.query<{ silenceCreate: { silence: { id: string } | null } }>(
      `mutation ($value: String!, $endsAt: DateTime!) { silenceCreate(input: { matchers: [{ name: "feature", value: $value }], endsAt: $endsAt, comment: "backfill" }) { silence { id state } userErrors { message } } }`,
      { value, endsAt },
    );
    return answer.silenceCreate.silence?.id ?? '';
  };

  it('P6: who saw a case open sees it closed, silenced or not, and what is silenced is told to nobody', async () => {
    const before = purposes().length;
    await judge(found('tenure'));
    await create('tenure');
    await judge(found('tenure', { severity: 'critical' }));
    expect(purposes().slice(before)).toEqual(['io.tidewatch.case.opened.v1']);
    await judge(found('tenure', { outcome: 'clear' }));
    await judge(found('tenure', { outcome: 'clear' }));
    expect(purposes().slice(before)).toEqual(['io.tidewatch.case.opened.v1', 'io.tidewatch.case.closed.v1']);
    const { silences } = await app.query<{ silences: object[] }>(
      '{ silences { suppressed createdBy state } }',
    );
    expect(silences[0]).toEqual({ suppressed: 1, createdBy: 'admin', state: 'ACTIVE' });
  });

  it('that ends tells what is still there, and nothing of what is over', async () => {
    const before = purposes().length;
    const ids = [await create('region'), await create('channel')];
    await judge(found('region'), found('channel'));
    await judge(found('channel', { outcome: 'clear' }), found('region'));
    await judge(found('channel', { outcome: 'clear' }), found('region'));
    expect(purposes().slice(before)).toEqual([]);
    for (const id of ids)
      await app.query(
        `mutation ($id: ID!) { silenceExpire(input: { id: $id }) { userErrors { message } } }`,
        { id },
      );
    await deliver();
    expect(purposes().slice(before)).toEqual(['io.tidewatch.case.opened.v1']);
    expect(JSON.stringify(receiver.events().at(-1))).toContain('region has moved');
    const page = await fetch(`${app.url}/silences`, { headers: { cookie: `tidewatch_key=${ADMIN_KEY}` } });
    expect(await page.text()).toContain('feature=region');
  });
});

describe('a case that nobody takes on', () => {
  const wait = async (minutes: number) => {
    app.clock.advance(minutes * 60_000);
    await keepHouse(app.service.stages, app.service.checkpoints);
    await deliver();
  };
  const called = () =>
    slack.visible(CHANNEL).filter(({ text }) => JSON.stringify(text).includes('called')).length;

  it('is told to others, and those who know are reminded, until somebody does; its page says so', async () => {
    await judge(found('called'));
    const before = purposes().length;
    await wait(29);
    expect(called()).toBe(0);
    await wait(2);
    await wait(1);
    expect(called()).toBe(1);
    expect(JSON.stringify(slack.visible(CHANNEL).at(-1)?.blocks)).toContain(
      'nobody has taken it on for 32 min',
    );
    await wait(4 * 60);
    expect(purposes().slice(before)).toEqual(['io.tidewatch.case.updated.v1']);
    expect(receiver.events().at(-1)).toMatchObject({ data: { call: { kind: 'reminded' } } });
    const id = await openCase();
    await actOnCase(app.service.stages, { kind: 'acknowledge', id }, { actor: { type: 'user', id: 'anna' }, name: 'anna' }); // prettier-ignore
    await deliver();
    const acknowledged = purposes().length;
    await wait(8 * 60);
    expect(purposes()).toHaveLength(acknowledged);
    expect(app.service.stages.caseFiles.find(id).activity.map(({ what, text }) => [what, text])).toEqual([
      ['escalated', 'to chat: nobody has taken it on for 32 min'],
      ['reminded', expect.stringContaining('still open, nobody has taken it on for 4')],
      ['acknowledged', ''],
    ]);
    const over = ['called', 'region'].map((feature) => found(feature, { outcome: 'clear' }));
    await judge(...over);
    await judge(...over);
    expect(purposes().at(-1)).toBe('io.tidewatch.case.closed.v1');
    const root = slack.visible(CHANNEL).find(({ threadTs }) => threadTs === null)?.ts ?? '';
    expect(slack.thread(root).at(-1)?.text).toContain('Closed');
  });
});

describe('P14: a button in Slack', () => {
  let clicks = 0;
  const press = async (
    action: string,
    value: string,
    changed: Partial<Parameters<typeof signedClick>[1]> = {},
  ) => {
    const pressed = {
      action,
      value,
      user: 'U0000001',
      at: `${++clicks}.0`,
      replyTo: receiver.url,
      ...changed,
    };
    const init = signedClick(SIGNING, pressed, app.clock.now());
    return (await fetch(`${app.url}/v1/slack/interactions`, init)).status;
  };
  const clickEntries = async () => {
    const { auditEvents } = await app.query<{ auditEvents: { nodes: { actor: { id: string } }[] } }>(
      '{ auditEvents(filter: { actions: ["click.taken"] }) { nodes { actor { id } } } }',
    );
    return auditEvents.nodes.map(({ actor }) => actor.id);
  };

  it('does what its message offers, for people who are named, once, and the ledger says who', async () => {
    await judge(found('balance', { channels: ['chat'] }));
    const post = slack.visible(CHANNEL).findLast(({ threadTs }) => threadTs === null);
    const actions = JSON.stringify(post?.blocks);
    expect(actions).toContain('"action_id":"acknowledge"');
    expect(actions).not.toContain('"action_id":"approve"');
    const caseId = /"value":"(case_[a-z2-7]+)"/u.exec(actions)?.[1] ?? '';
    const state = () => app.service.incidents.list({ feature: 'balance' })[0];

    expect(await press('acknowledge', caseId, { user: 'U9999999' })).toBe(200);
    expect(state()).toMatchObject({ state: 'OPEN' });
    expect(await clickEntries()).toEqual([]);

    expect(await press('acknowledge', caseId, { at: '77.0' })).toBe(200);
    expect(await press('acknowledge', caseId, { at: '77.0' })).toBe(200);
    expect(state()).toMatchObject({ state: 'ACKNOWLEDGED', acknowledgedBy: 'anna' });
    expect(await clickEntries()).toEqual(['anna']);

    await press('assign', caseId);
    expect(app.service.stages.caseFiles.find(caseId).assignee).toBe('anna');
    await press('silence_1h', caseId, { at: '88.0' });
    await press('silence_1h', caseId, { at: '88.0' });
    const [silence, ...others] = app.service.stages.silences
      .list()
      .filter(({ only }) => only?.some(({ feature }) => feature === 'balance'));
    expect(silence).toMatchObject({ createdBy: 'anna', comment: 'from Slack, for an hour' });
    expect(others).toEqual([]);
    await press('approve', caseId);
    expect(await clickEntries()).toHaveLength(4);
  });

  const answers = () =>
    receiver.received.map(({ body }) => body).filter((body) => body.includes('ephemeral'));

  it('that calls something normal asks why, keeps nothing quiet of a model of high risk, and never wrong answers that nobody named', async () => {
    const wrong = { check: 'performance', feature: null, channels: ['chat'], severity: 'critical' } as const;
    await judge(found('pension', { channels: ['chat'] }), says(wrong));
    const caseId = app.service.incidents.list({ feature: 'pension' })[0]?.caseId ?? '';
    await press('normal', caseId);
    await expect.poll(answers, { timeout: 60_000 }).toContainEqual(expect.stringMatching(/Until they agree, all of it is told as before.*"value":"performance"/u)); // prettier-ignore
    const before = app.service.stages.silences.list().length;
    const noted = () =>
      app.service.stages.caseFiles
        .find(caseId)
        .activity.flatMap(({ what, text }) => (what === 'noted' ? [text] : []));
    await press('normal_because', caseId, { form: { reason: { reason: { value: ' ' } } } });
    await expect
      .poll(answers, { timeout: 60_000 })
      .toContainEqual(expect.stringContaining('reason: say why'));
    expect(noted()).toEqual([]);
    const form = {
      reason: { reason: { value: 'prices rose' } },
      checks: { checks: { selected_options: [] } },
    };
    await press('normal_because', caseId, { form });
    await expect
      .poll(answers, { timeout: 60_000 })
      .toContainEqual(expect.stringMatching(/makes no reference: .*rows.*told as before/u));
    expect(noted()).toEqual(['this is normal: prices rose']);
    expect(app.service.stages.silences.list()).toHaveLength(before);
  });

  it('does nothing when the request is not signed by Slack, is old, or is no click', async () => {
    const pressed = {
      action: 'acknowledge',
      value: 'case_x',
      user: 'U0000001',
      at: '99.0',
      replyTo: receiver.url,
    };
    const send = async (init: RequestInit) => (await fetch(`${app.url}/v1/slack/interactions`, init)).status;
    const before = await clickEntries();
    expect(await send(signedClick('another secret', pressed, app.clock.now()))).toBe(401);
    expect(await send(signedClick(SIGNING, pressed, new Date(app.clock.now().getTime() - 301_000)))).toBe(
      401,
    );
    expect(await send(signedClick(SIGNING, { ...pressed, action: 'open' }, app.clock.now()))).toBe(200);
    expect(await clickEntries()).toEqual(before);
  });
});

describe('a dry run of a policy', () => {
  it('says how many messages each channel would have had', async () => {
    const yaml = readFileSync(join(packageFolder(), 'policies', 'default.yaml'), 'utf8');
    const document = `query ($yaml: String!) { policyDryRun(input: { yaml: $yaml, days: 1 }) { messages { active { channel messages } candidate { channel messages } } unknownChannels } }`;
    const none = [
      { channel: 'ops', messages: 0 },
      { channel: 'chat', messages: 0 },
    ];
    expect(await app.query(document, { yaml })).toEqual({
      policyDryRun: { messages: { active: none, candidate: none }, unknownChannels: ['default'] },
    });
  });
});

describe('a mailbox', () => {
  it('takes itself out by the link in its mails alone, and is asked first', async () => {
    const { stages } = app.service;
    const id = stages.deliveries.list()[0]?.destination.id ?? '';
    const link = (token: string) => `${app.url}/v1/unsubscribe/${token}`;
    const token = unsubscribeToken(stages.callbackSecret, id);
    expect((await fetch(link(`${token}x`), { method: 'POST' })).status).toBe(404);
    expect(await (await fetch(link(token))).text()).toContain('No more mails?');
    expect(stages.deliveries.isDisabled(id)).toBe(false);
    const oneClick = { method: 'POST', body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }) };
    expect((await fetch(link(token), oneClick)).status).toBe(200);
    expect(stages.deliveries.isDisabled(id)).toBe(true);
    const open = `mutation ($id: ID!) { destinationEnable(input: { destination: $id, note: "was a slip" }) { userErrors { message } } }`;
    expect(await app.query(open, { id })).toEqual({ destinationEnable: { userErrors: [] } });
  });
});

describe('channels', () => {
  it('are shown with their health, and take a test from the API and the page', async () => {
    const test = `mutation ($to: ID!) { destinationTest(input: { destination: $to }) { deliveries { kind state purpose } userErrors { code } } }`;
    expect(await app.query(test, { to: 'ops' })).toEqual({
      destinationTest: {
        deliveries: [{ kind: 'webhook', state: 'DELIVERED', purpose: 'test' }],
        userErrors: [],
      },
    });
    expect(receiver.events().at(-1)).toMatchObject({ type: 'io.tidewatch.test.v1', data: { by: 'admin' } });
    expect(await app.query(test, { to: 'nobody' })).toMatchObject({
      destinationTest: { userErrors: [{ code: 'destination_unknown' }] },
    });
    const { channels } = await app.query<{ channels: { destinations: { id: string; state: string }[] }[] }>(
      '{ channels { name destinations { id state waiting held budget { used } problem { code } } } }',
    );
    expect(channels.map(({ destinations }) => destinations[0]?.state)).toEqual(['WORKS', 'WORKS']);
    const headers = { cookie: `tidewatch_key=${ADMIN_KEY}`, origin: app.url };
    const to = `${app.url}/channels/${encodeURIComponent(channels[1]?.destinations[0]?.id ?? '')}/test`;
    expect((await fetch(to, { method: 'POST', headers, redirect: 'manual' })).status).toBe(303);
    expect(slack.visible(CHANNEL).at(-1)?.text).toContain('Test from Tidewatch, asked for by admin');
    expect(await (await fetch(`${app.url}/channels`, { headers })).text()).toContain('slack C0123456789');
  });
});

describe('pages', () => {
  const headers = { cookie: `tidewatch_key=${ADMIN_KEY}` };

  it('are told of a change while they are open, and end when the reader does', async () => {
    expect((await fetch(`${app.url}/live`)).status).toBe(401);
    const leaving = new AbortController();
    const { body } = await fetch(`${app.url}/live`, { headers, signal: leaving.signal });
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toContain('retry: 3000');
    await judge(found('seen'));
    expect((await reader?.read())?.value).toContain('event: change');
    leaving.abort();
  });

  it('of the fleet keep what is looked for in their address', async () => {
    const page = async (query: string) => (await fetch(`${app.url}/${query}`, { headers })).text();
    expect(await page('?q=RISK&show=wrong')).toMatch(/value="RISK"[\s\S]*1\s+of\s+1/u);
    expect(await page('?q=nobody')).toMatch(/0\s+of\s+1/u);
  });
});

describe('P11: why', () => {
  const whyNot = async (feature: string, at: Date) => {
    const asked = { feature, at: at.toISOString() };
    const document = `query ($feature: String, $at: DateTime!) { whyNot(model: "m", check: "feature_drift", feature: $feature, at: $at) { notified cause text } }`;
    return (await app.query<{ whyNot: object }>(document, asked)).whyNot;
  };
  const at = (incident: { course: { lastAt: Date } } | undefined) => incident?.course.lastAt ?? NOW;

  it('somebody was told, or was not, with what stopped it', async () => {
    const of = (feature: string) => app.service.incidents.list({ feature })[0];
    expect(await whyNot('age', at(of('age')))).toMatchObject({ notified: true, cause: 'NOTIFIED' });
    expect(await whyNot('channel', at(of('channel')))).toMatchObject({ notified: false, cause: 'SILENCED' });
    expect(await whyNot('nothing', NOW)).toMatchObject({ notified: false, cause: 'NO_DATA' });
    const { deliveries } = await app.query<{ deliveries: { id: string }[] }>(
      '{ deliveries(first: 50) { id } }',
    );
    const { whyNotified } = await app.query<{ whyNotified: { cause: string; text: string } }>(
      `query ($id: ID!) { whyNotified(delivery: $id) { cause text steps { looked found } } }`,
      { id: deliveries.at(-1)?.id },
    );
    expect(whyNotified).toMatchObject({
      cause: 'NOTIFIED',
      text: expect.stringContaining('opened: feature_drift of'),
      steps: expect.arrayContaining([
        { looked: 'delivery', found: 'delivered: the receiver took it' },
      ]) as unknown,
    });
  });
});

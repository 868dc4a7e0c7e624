import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/domain/incident.js';
import { decideIncidents } from '../../src/incidents/decide-incidents.js';
import { decideMessages } from '../../src/pipeline/decide-messages.js';
import { says, windowAt } from '../support/incident-log.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const NOW = new Date('2026-11-25T10:00:00Z');
const HOUR = 3_600_000;
const BASE = Math.floor(NOW.getTime() / HOUR);

let app: Launched;
let receiver: WebhookCollector;
let hour = BASE;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-people-'));
  receiver = await WebhookCollector.start({ keys: [SECRET], now: () => app.clock.now().getTime() / 1000 });
  await writeFile(
    join(directory, 'channels.yaml'),
    `channels: { ops: [{ kind: webhook, url: "${receiver.url}", secret: "${SECRET}" }] }`,
  );
  app = await launch({ now: NOW, directory, environment: { TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8' } });
  await app.query(
    'mutation { modelRegister(input: { yaml: "key: m\\ntask: binary\\npositive: bad\\nowner: risk-team\\nrisk: { impact: high, frequency: high }" }) { userErrors { message } } }',
  );
}, 120_000);
afterAll(async () => {
  await app?.close();
  await receiver?.stop();
  if (app) await rm(app.directory, { recursive: true, force: true });
});

/** What the spine does with the verdicts of the next window, and what is delivered then. */
async function judge(...verdicts: readonly Verdict[]): Promise<void> {
  const { ledger, stages } = app.service;
  const window = windowAt(++hour);
  await ledger.transact((now) => {
    const { entries, changes } = decideIncidents(stages.incidents, { verdicts, window }, now);
    return [...entries, ...decideMessages(stages, changes, now)];
  });
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
    expect(await post('close', { rootCause: '' })).toBe(409);
    const page = await fetch(`${app.url}/cases/${id}`, { headers: { cookie: `tidewatch_key=${ADMIN_KEY}` } });
    const text = await page.text();
    expect(text).toContain('with anna · acknowledged by admin');
    expect(text).toContain('the export was &lt;restarted&gt;');
    expect(await post('close', { rootCause: 'UPSTREAM_DATA', note: 'unit fixed' })).toBe(303);
    await deliver();
    // The edit that it was taken on waited for others, and the end takes its place.
    expect(purposes()).toEqual(['io.tidewatch.case.opened.v1', 'io.tidewatch.case.closed.v1']);
    const { alerting } = await app.query<{ alerting: object }>(
      '{ alerting { cases precision { check told real } } }',
    );
    expect(alerting).toMatchObject({ cases: 1, precision: [{ check: 'feature_drift', told: 2, real: 2 }] });
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

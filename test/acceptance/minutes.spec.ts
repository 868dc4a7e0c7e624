import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lcg } from '../../src/stats/lcg.js';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';
import { normals } from '../support/random.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const MINUTE = 60_000;
const START = Date.UTC(2026, 2, 2);
const LEARNT = 4 * 60;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const random = lcg(5);
const normal = normals(random);

/** Rows a minute: one model has windows full of them, of the other several windows have to be taken together. */
const RATES = { dense: 60, sparse: 6 } as const;
type Key = keyof typeof RATES;
const KEYS: readonly Key[] = ['dense', 'sparse'];

interface Change {
  readonly income?: number;
  readonly nulls?: number;
  readonly north?: number;
}

const DRIFT: Change = { income: 20, nulls: 0.3, north: 0.75 };

function minute(key: Key, at: number, { income = 0, nulls = 0.01, north = 0.33 }: Change): object[] {
  return Array.from({ length: RATES[key] }, (_, i) => ({
    prediction_id: `${key}-${at}-${i}`,
    model: key,
    model_version: '1',
    ts: START + at * MINUTE + i * Math.floor(MINUTE / RATES[key]),
    features: {
      income: 50 + 10 * normal() + income,
      debt: random() < nulls ? null : 5 + normal(),
      region: random() < north ? 'north' : random() < 0.5 ? 'south' : 'east',
    },
    prediction: { value: 10 + 3 * normal() },
  }));
}

let app: Launched;
let receiver: WebhookCollector;
let now = 0;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tidewatch-minutes-'));
  receiver = await WebhookCollector.start({ keys: [SECRET], now: () => app.clock.now().getTime() / 1000 });
  await writeFile(
    join(directory, 'channels.yaml'),
    `channels: { default: [{ kind: webhook, url: "${receiver.url}", secret: "${SECRET}" }] }`,
  );
  app = await launch({ now: new Date(START), directory, environment: { TIDEWATCH_WEBHOOK_ALLOW: '127.0.0.0/8' } }); // prettier-ignore
  for (const key of KEYS)
    await registerModel(
      app,
      `key: ${key}\ntask: regression\nwindow: 1m\nseason: none\nbaseline: { learn: 4h }\n`,
    );
}, 120_000);
afterAll(async () => {
  await app?.close();
  await receiver?.stop();
  if (app) await rm(app.directory, { recursive: true, force: true });
});

/** So many minutes go by, with rows as they say or without any, a beat every `step` of them, and messages are delivered. */
async function pass(minutes: number, change: Change | null, step = 5): Promise<void> {
  for (const end = now + minutes; now < end; now += step) {
    const at = Array.from({ length: step }, (_, i) => now + i);
    const events = change ? KEYS.flatMap((key) => at.flatMap((one) => minute(key, one, change))) : [];
    app.clock.set(new Date(START + (now + step) * MINUTE + 5_000));
    if (events.length > 0) expect(await app.send('/v1/predictions', events)).toMatchObject({ rejected: [] });
    await app.tick();
    await app.service.stages.outbox.drain(app.clock.now());
  }
}

interface Found {
  readonly check: string;
  readonly feature: string | null;
  readonly state: string;
  readonly id: string;
  readonly explainedBy: object | null;
}

async function incidents(model: string): Promise<readonly Found[]> {
  const document = `query ($model: String!) { incidents(first: 100, filter: { severities: [WARNING, CRITICAL], model: $model }) { nodes { id check feature state explainedBy { id } } } }`;
  return (await app.query<{ incidents: { nodes: Found[] } }>(document, { model })).incidents.nodes;
}

/** Minutes from an instant to the end of the window in which each ended, by check and feature. */
async function endedAfter(model: string, from: number): Promise<Record<string, number>> {
  const { auditEvents } = await app.query<{ auditEvents: { nodes: { subject: { id: string }; data: { window: { to: string } } }[] } }>(
    '{ auditEvents(first: 200, filter: { actions: ["incident.closed"] }) { nodes { subject { id } data } } }',
  ); // prettier-ignore
  const ends = new Map(auditEvents.nodes.map(({ subject, data }) => [subject.id, Date.parse(data.window?.to ?? '')])); // prettier-ignore
  const found = await incidents(model);
  return Object.fromEntries(
    found.map(({ id, check, feature }) => [
      `${check}/${feature ?? ''}`,
      ((ends.get(id) ?? NaN) - START) / MINUTE - from,
    ]),
  );
}

const told = (model: string) =>
  receiver
    .events()
    .filter(({ subject }) => String(subject).startsWith(model))
    .map(({ type }) => String(type).split('.')[3]);

describe('windows of a minute', () => {
  it('are quiet while nothing happens', async () => {
    await pass(LEARNT, {}, 120);
    await pass(20, {}, 20);
    for (const key of KEYS) expect(await incidents(key)).toEqual([]);
  }, 300_000);

  it('show a change at once, and say that it is over soon after it is: by check as docs/messages.md has it', async () => {
    await pass(30, DRIFT, 15);
    for (const key of KEYS)
      expect((await incidents(key)).map(({ check, feature }) => `${check}/${feature ?? ''}`)).toEqual(
        expect.arrayContaining(['feature_drift/income', 'feature_drift/region', 'null_rate/debt']),
      );
    const end = now;
    await pass(45, {}, 15);
    const after = await endedAfter('dense', end);
    expect(after['feature_drift/income']).toBeLessThanOrEqual(6);
    expect(after['null_rate/debt']).toBeLessThanOrEqual(10);
    expect(Math.max(...Object.values(after))).toBeLessThanOrEqual(30);
    expect([told('dense')[0], told('dense').at(-1)]).toEqual(['opened', 'closed']);
    expect(told('dense').filter((kind) => kind === 'opened')).toHaveLength(1);
    // Six rows a minute: five windows are one answer.
    await pass(30, {}, 15);
    expect(Math.max(...Object.values(await endedAfter('sparse', end)))).toBeLessThanOrEqual(60);
    expect(told('sparse').at(-1)).toBe('closed');
  }, 300_000);

  it('that have no rows any more are one case and no blindness for every feature, and over with the first rows', async () => {
    const before = new Map(KEYS.map((key) => [key, told(key).length]));
    // Three minutes are longer than ever; two are waited for whoever is only late.
    await pass(5, null, 1);
    expect((await incidents('dense')).filter(({ state, check }) => state !== 'CLOSED' && check === 'freshness')).toHaveLength(1); // prettier-ignore
    await pass(40, null, 20);
    for (const key of KEYS) {
      const open = (await incidents(key)).filter(({ state }) => state !== 'CLOSED');
      expect(new Set(open.map(({ check }) => check))).toEqual(new Set(['freshness', 'volume']));
      expect(open.filter(({ explainedBy }) => explainedBy === null)).toHaveLength(1);
      expect(
        told(key)
          .slice(before.get(key))
          .filter((kind) => kind === 'opened'),
      ).toHaveLength(1);
      // Once, with the severity it has: not as less traffic first.
      expect(
        receiver
          .events()
          .filter(({ subject }) => String(subject).startsWith(key))
          .slice(before.get(key))
          .map(({ data }) => (data as { severity: string }).severity),
      ).toEqual(['critical']);
    }
    const resumed = now;
    await pass(15, {}, 15);
    for (const key of KEYS) {
      expect((await incidents(key)).filter(({ state }) => state !== 'CLOSED')).toEqual([]);
      expect((await endedAfter(key, resumed))['freshness/']).toBe(2);
      expect(told(key).at(-1)).toBe('closed');
    }
  }, 300_000);
});

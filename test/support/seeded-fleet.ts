import { Model } from '../../src/domain/model.js';
import { SYSTEM } from '../../src/domain/ledger-entry.js';
import type { Service } from '../../src/service.js';
import type { FakeClock } from './fake-clock.js';
import { normals } from './random.js';
import { lcg } from '../../src/stats/lcg.js';

const HOUR = 3_600_000;
/** A Monday. */
export const FLEET_START = Date.UTC(2026, 2, 2);
const REFERENCE_HOURS = 48;
const QUIET_HOURS = 12;
const DRIFT_HOURS = 10;
const BATCH_HOURS = 24;
export const DRIFT_FROM = new Date(FLEET_START + (REFERENCE_HOURS + QUIET_HOURS) * HOUR);

/** What a seeding needs of a running service. */
export interface Seeded {
  readonly service: Service;
  readonly clock: FakeClock;
}

interface Hour {
  readonly model: string;
  readonly hour: number;
  readonly drifted: boolean;
}

function events({ model, hour, drifted }: Hour, random: () => number): readonly object[] {
  const normal = normals(random);
  // More by day than by night.
  const count = Math.round(90 + 30 * Math.sin((2 * Math.PI * (hour - 9)) / 24));
  return Array.from({ length: count }, (_, i) => {
    const income = 50 + 10 * normal();
    const score = 1 / (1 + Math.exp((income - 50) / 8 + 0.3 * normal()));
    const region = ['north', 'south', 'east', 'west'][Math.floor(4 * random() ** 1.6)];
    const at = FLEET_START + hour * HOUR + Math.floor((i * HOUR) / count);
    const label = random() < score ? 'bad' : 'good';
    const id = { model, prediction_id: `${hour}-${i}` };
    const features = {
      income: Math.round(income * (drifted ? 1.609 : 1) * 100) / 100,
      age: drifted && random() < 0.15 ? null : Math.floor(18 + 60 * random()),
      region: drifted && random() < 0.1 ? 'offshore' : region,
    };
    const prediction = {
      ...id,
      type: 'prediction',
      model_version: '2026.11',
      ts: new Date(at).toISOString(),
      features,
      prediction: { label: score > 0.5 ? 'bad' : 'good', score },
    };
    const truth = { ...id, type: 'label', ts: new Date(at + 60_000).toISOString(), label, source: 'core' };
    return random() < 0.8 ? [prediction, truth] : [prediction];
  }).flat();
}

const MODELS = [
  { key: 'credit-default', owner: 'risk-team', drifts: true, firstHour: 0 },
  { key: 'fraud', owner: 'payments', drifts: false, firstHour: REFERENCE_HOURS },
] as const;

async function send({ service }: Seeded, lines: readonly object[]): Promise<void> {
  const body = Buffer.from(lines.map((line) => JSON.stringify(line)).join('\n'));
  await service.http.accept({ kind: null, body: (async function* () { yield body; })(), contentType: 'application/x-ndjson', encoding: null, idempotencyKey: null }); // prettier-ignore
}

/**
 * Two models over three days: one is new and still learning, in the other a unit changes and nulls and a new category come in from DRIFT_FROM on. Events
 * go the way of all events; some are refused.
 */
export async function seedFleet(seeded: Seeded): Promise<void> {
  const { service, clock } = seeded;
  for (const { key, owner } of MODELS) {
    const model = Model.parse({ key, owner, task: 'binary', positive: 'bad', window: '1h', baseline: { learn: '2d' }, season: 'day', labels: { expectedWithin: '6h' }, features: { income: { type: 'numeric', unit: 'kEUR' } } }); // prettier-ignore
    await service.ledger.transact((now) => service.registry.register(model, SYSTEM, now));
  }
  const random = lcg(42);
  const until = REFERENCE_HOURS + QUIET_HOURS + DRIFT_HOURS;
  for (let from = 0; from < until; from += BATCH_HOURS) {
    const hours = Array.from({ length: Math.min(BATCH_HOURS, until - from) }, (_, i) => from + i);
    clock.set(new Date(FLEET_START + (Math.max(...hours) + 1) * HOUR + 120_000));
    for (const { key, drifts, firstHour } of MODELS) {
      const lines = hours
        .filter((hour) => hour >= firstHour)
        .flatMap((hour) =>
          events({ model: key, hour, drifted: drifts && hour >= REFERENCE_HOURS + QUIET_HOURS }, random),
        );
      if (lines.length > 0) await send(seeded, lines);
    }
    await service.spine.tick();
  }
  await send(seeded, [{ type: 'prediction', model: '<b>nobody</b>', prediction_id: 'x', ts: clock.now().toISOString(), features: {}, prediction: { score: 1 } }]); // prettier-ignore
  await send(seeded, [
    {
      type: 'prediction',
      model: 'fraud',
      ts: clock.now().toISOString(),
      prediction: { score: '<b>high</b>' },
    },
  ]);
  await service.spine.tick();
}

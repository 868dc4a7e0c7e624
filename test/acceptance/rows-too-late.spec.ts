import { afterAll, beforeAll, expect, it } from 'vitest';
import { registerModel } from '../support/asked.js';
import { launch, type Launched } from '../support/launch.js';

const MINUTE = 60_000;
const START = Date.UTC(2026, 2, 2);
let app: Launched;
let ids = 0;

beforeAll(async () => {
  app = await launch({ now: new Date(START) });
  await registerModel(app, 'key: m\ntask: regression\nwindow: 1m\nlateness: 1m\nbaseline: { learn: 1d }\n');
});
afterAll(async () => app?.close());

async function send(minute: number, rows: number): Promise<void> {
  const events = Array.from({ length: rows }, (_, i) => ({
    prediction_id: `p${(ids += 1)}`,
    model: 'm',
    model_version: '1',
    ts: START + minute * MINUTE + i,
    features: { x: i },
    prediction: { value: i },
  }));
  expect(await app.send('/v1/predictions', events)).toMatchObject({ status: 200, rejected: [] });
}

async function tickAt(minute: number): Promise<void> {
  app.clock.set(new Date(START + minute * MINUTE));
  await app.tick();
}

async function restart(minute: number): Promise<void> {
  const { directory } = app;
  await app.stop();
  app = await launch({ now: new Date(START + minute * MINUTE), directory });
  await tickAt(minute);
}

const tooLate = async () => (await app.query<{ model: { beyondLateness: number } }>('{ model(key: "m") { beyondLateness } }')).model.beyondLateness; // prettier-ignore

it('rows that came in time are none that came too late, whichever process looks at them again', async () => {
  for (let minute = 0; minute < 10; minute += 1) {
    await send(minute, 50);
    await tickAt(minute + 1.5);
  }
  expect(await tooLate()).toBe(0);
  await send(2, 7);
  await tickAt(12);
  expect(await tooLate()).toBe(7);
  // What the process before counted, it counted; what it stored and did not look at is counted once by the next.
  await send(3, 5);
  await restart(13);
  expect(await tooLate()).toBe(5);
  await tickAt(14);
  await send(4, 2);
  await tickAt(15);
  expect(await tooLate()).toBe(7);
});

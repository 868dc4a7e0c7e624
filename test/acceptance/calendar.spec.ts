import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { houseWork } from '../../src/app.module.js';
import { says } from '../support/incident-log.js';
import { judgeHour } from '../support/judge.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';
import { SlackServer } from '../support/slack-server.js';

const CHANNEL = 'C0123456789';
const HOUR = 3_600_000;
/** A Friday. In the night of the next day to Sunday the clocks in Berlin go back an hour. */
const NOW = new Date('2026-10-23T08:00:00Z');

let app: Launched;
let slack: SlackServer;
let directory: string;

const start = async (now: Date) => {
  app = await launch({ now, directory, environment: { SLACK_BOT_TOKEN: 'xoxb-test', SLACK_API_URL: slack.url } }); // prettier-ignore
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-calendar-'));
  slack = await SlackServer.start({ channels: [CHANNEL] });
  await writeFile(
    join(directory, 'channels.yaml'),
    `channels: { ops: [{ kind: slack, channel: ${CHANNEL} }] }
maintenance: [{ name: load, matchers: ["feature=region"], days: [sat], from: "22:00", to: "04:00", timezone: Europe/Berlin }]
weekly: { day: mon, at: "08:00", timezone: Europe/Berlin }
`,
  );
  await start(NOW);
  await app.query('mutation { modelRegister(input: { yaml: "key: m\\ntask: binary\\npositive: bad" }) { userErrors { message } } }'); // prettier-ignore
}, 120_000);
afterAll(async () => {
  await app?.stop();
  await slack?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** The service does at an instant what it does in every beat. */
const beatAt = async (time: string) => {
  app.clock.set(new Date(time));
  await houseWork(app.service);
  await app.service.stages.outbox.drain(app.clock.now());
  await app.service.stages.outbox.idle();
};
/** The window that ended with the last full hour is judged, and what it has to say is delivered. */
const judgeAt = async (time: string, ...verdicts: readonly Parameters<typeof says>[0][]) => {
  app.clock.set(new Date(time));
  const hour = Math.floor(Date.parse(time) / HOUR);
  await judgeHour(
    app,
    hour,
    verdicts.map((one) => says({ channels: ['ops'], ...one })),
  );
  await beatAt(time);
};
const silencesPage = async () =>
  (await fetch(`${app.url}/silences`, { headers: { cookie: `tidewatch_key=${ADMIN_KEY}` } })).text();
const roots = () => slack.visible(CHANNEL).flatMap(({ threadTs, text }) => (threadTs === null ? [text] : []));

it('a maintenance window follows the wall clock of its zone where clocks change: what is there when it ends is told then', async () => {
  await judgeAt('2026-10-24T19:30:00Z', { feature: 'age' });
  expect(roots()).toHaveLength(1);
  for (const outcome of ['clear', 'clear'] as const)
    await judgeAt(`2026-10-24T2${outcome === 'clear' ? 0 : 1}:00:00Z`, { feature: 'age', outcome });
  await judgeAt('2026-10-24T21:00:00Z', { feature: 'age', outcome: 'clear' });
  // Half past ten in the evening in Berlin, and half past three at night, seven hours later.
  await judgeAt('2026-10-24T22:30:00Z', { feature: 'region' });
  await judgeAt('2026-10-25T02:30:00Z', { feature: 'region' });
  expect(roots()).toHaveLength(1);
  const { whyNot } = await app.query<{ whyNot: object }>(
    '{ whyNot(model: "m", check: "feature_drift", feature: "region", at: "2026-10-24T22:00:00Z") { notified cause text } }',
  );
  expect(whyNot).toMatchObject({ notified: false, cause: 'MAINTENANCE' });
  expect(await silencesPage()).toMatch(
    /load[\s\S]*feature=region[\s\S]*sat from 22:00 to 04:00 \(Europe\/Berlin\)[\s\S]*active/u,
  );
  await beatAt('2026-10-25T03:00:00Z');
  await beatAt('2026-10-25T03:01:00Z');
  expect(roots()).toHaveLength(2);
  expect(roots()[1]).toContain('region');
  for (const hour of ['04', '05']) await judgeAt(`2026-10-25T${hour}:00:00Z`, { feature: 'region', outcome: 'clear' }); // prettier-ignore
});

it('what came and went is told once on Monday at eight, by the clock of its zone, also after a restart', async () => {
  const before = roots().length;
  for (let hour = 6; hour < 24; hour += 3) {
    const at = (n: number) => `2026-10-25T${String(hour + n).padStart(2, '0')}:00:00Z`;
    await judgeAt(at(0), { feature: 'income' });
    for (const n of [1, 2]) await judgeAt(at(n), { feature: 'income', outcome: 'clear' });
  }
  const told = roots().length;
  expect(told - before).toBeLessThan(6);
  // Eight in the morning in Berlin is seven by UTC again.
  await beatAt('2026-10-26T06:59:00Z');
  expect(roots()).toHaveLength(told);
  await beatAt('2026-10-26T07:00:00Z');
  expect(roots()).toHaveLength(told + 1);
  expect(roots().at(-1)).toMatch(/income/u);
  await app.stop();
  await start(new Date('2026-10-26T07:30:00Z'));
  await beatAt('2026-10-26T07:31:00Z');
  await beatAt('2026-10-26T09:00:00Z');
  expect(roots()).toHaveLength(told + 1);
});

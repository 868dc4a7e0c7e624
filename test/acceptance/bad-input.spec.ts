import { afterAll, beforeAll, expect, it } from 'vitest';
import { houseWork } from '../../src/app.module.js';
import { countText } from '../../src/domain/wording.js';
import { registerModel } from '../support/asked.js';
import { ADMIN_KEY, launch, type Launched } from '../support/launch.js';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const START = Date.now() - (Date.now() % HOUR);
const USERS = 100_000;
const HOURS = 6;

const MANY = `key: many
task: binary
positive: bad
window: 1h
season: none
accepts: { past: 20d }
labels: { expectedWithin: 1h }
segments: [user, channel]
baseline: { learn: 14d }`;
const kinds = (more: string) =>
  `key: kinds\ntask: multiclass\nwindow: 1h\nlabels: { expectedWithin: 1h }\n${more}`;
const STRAY = 'costs: { currency: EUR, mistake: 1, matrix: { cat: { dgo: 7 } } }';

const LOST = countText(5000);

let app: Launched;
beforeAll(async () => {
  app = await launch({ now: new Date(START) });
  expect(await registerModel(app, MANY)).toEqual([]);
});
afterAll(async () => app?.close());

const page = async (path: string) => {
  const headers = { accept: 'text/html', cookie: `tidewatch_key=${ADMIN_KEY}` };
  const response = await fetch(`${app.url}${path}`, { headers });
  expect(response.status).toBe(200);
  return response.text();
};
const model = async <Found>(key: string, selection: string) =>
  (await app.query<{ model: Found }>(`{ model(key: "${key}") { ${selection} } }`)).model;
const house = async (minutes: number) => {
  app.clock.set(new Date(START + minutes * MINUTE));
  await houseWork(app.service);
};
/** Answers of users of whom each comes once, over the hours `[from, to)`. */
const answers = (users: number, from: number, to: number) =>
  Array.from({ length: users }, (_, i) => ({
    prediction_id: `u${from}-${i}`, model: 'many', model_version: '1', ts: START + Math.floor((from + (i * (to - from)) / users) * HOUR), features: { age: 20 + (i % 40) },
    prediction: { label: i % 4 === 0 ? 'bad' : 'good', score: (i % 100) / 100 }, segment: { user: `user-${i}`, channel: i % 3 === 0 ? 'phone' : 'web' },
  })); // prettier-ignore
const label = (prediction_id: string, said: string, more: object = {}) => ({
  prediction_id,
  model: 'many',
  ts: app.clock.now().getTime(),
  label: said,
  ...more,
});

it('a segment key with a hundred thousand values: the rest is said, and nothing of it is judged, stored or shown', async () => {
  for (let hour = -HOURS; hour < 0; hour += HOURS / 6) {
    const rows = answers(Math.ceil(USERS / 6), hour, hour + HOURS / 6).map((row) => ({ ...row, segment: { ...row.segment, user: row.prediction_id } }));
    expect(await app.send('/v1/predictions', rows)).toMatchObject({ accepted: rows.length });
  }
  await app.tick();
  const { baselinePin } = await app.query<{ baselinePin: { userErrors: object[] } }>(
    `mutation { baselinePin(input: { model: "many", since: "${new Date(START - HOURS * HOUR).toISOString()}", until: "${new Date(START).toISOString()}", reason: "what was usual" }) { userErrors { message } } }`,
  );
  expect(baselinePin.userErrors).toEqual([]);
  const now = answers(3000, 0, 1);
  app.clock.set(new Date(START + 3 * HOUR));
  await app.send('/v1/predictions', now);
  await app.tick();
  await app.tick();
  const found = await model<{ baselineRemarks: string[]; segments: { segment: string }[]; windows: { nodes: { results: { segment: string | null }[] }[] } }>(
    'many',
    'baselineRemarks segments { segment } windows(first: 5) { nodes { results { segment } } }',
  );
  const remark = expect.stringMatching(/^segments: 100.00\d of 100.00\d values of "user" have fewer than 1.000 rows of the reference and are not watched, such as "/) as string;
  expect(found.baselineRemarks).toContainEqual(remark);
  expect(found.segments.map(({ segment }) => segment).sort()).toEqual(['channel=phone', 'channel=web']);
  const results = found.windows.nodes.flatMap((one) => one.results);
  expect(new Set(results.map(({ segment }) => segment))).toEqual(new Set([null, 'channel=phone', 'channel=web']));
  expect(results.filter(({ segment }) => segment !== null).length).toBeLessThanOrEqual(5 * 8);
  const [minutes] = await app.service.database.query<{ most: number }>(
    `SELECT max(places) AS most FROM (SELECT uniqExact(attribute, segment) AS places FROM outcomes_1m WHERE model = 'many' GROUP BY minute)`,
  );
  expect(minutes?.most).toBe(3);
  const text = await page('/models/many');
  expect(text).toContain('values of &quot;user&quot; have fewer than');
  expect(text.length).toBeLessThan(400_000);
}, 240_000); // prettier-ignore

it('labels for predictions that never come: counted and told, and no minute is summed for them', async () => {
  const sums = async () => app.service.database.query(`SELECT count() AS rows, max(computed_at) AS at FROM outcomes_1m WHERE model = 'many'`);
  const before = await sums();
  const lost = Array.from({ length: 5000 }, (_, i) => label(`never-${i}`, 'bad'));
  expect(await app.send('/v1/labels', lost)).toMatchObject({ accepted: lost.length });
  await app.tick();
  expect(await sums()).toEqual(before);
  await house(190);
  const labels = `${LOST} labels came, and none names a prediction: is prediction_id the same in both?`;
  expect(await model('many', 'labelsUnmatched monitoring { labels }')).toEqual({ labelsUnmatched: null, monitoring: { labels } });
  expect(await page('/models/many')).toContain(`<dd>${labels}</dd>`);
  await house(201);
  await house(202);
  expect(await model('many', 'labelsUnmatched monitoring { state }')).toMatchObject({ labelsUnmatched: 5000 });
  expect(await page('/models/many')).toContain(`${LOST} of ${LOST} of the last day`);
  const { incidents } = await app.query<{ incidents: { nodes: { summary: string }[] } }>(
    '{ incidents(first: 20, filter: { model: "many" }) { nodes { check summary } } }',
  );
  expect(incidents.nodes).toContainEqual({
    check: 'unmatched_labels',
    summary: expect.stringMatching(`^${LOST} of ${LOST} labels of a day \\(100.%\\) match no prediction: is prediction_id the same in both\\?$`) as string,
  });
}, 120_000); // prettier-ignore

it('labels in another case, and labels older than the model accepts: refused with what to do, and kept', async () => {
  const sent = [label('u0-1', 'BAD'), label('u0-2', 'good', { ts: app.clock.now().getTime() - 21 * DAY }), label('u0-3', 'good')];
  expect(await app.send('/v1/labels', sent)).toMatchObject({
    accepted: 1,
    rejected: [
      { index: 0, code: 'unknown_class', message: expect.stringContaining('did you mean "bad"?') as string },
      { index: 1, code: 'timestamp_out_of_range', message: expect.stringMatching(/^ts is more than 20 days older than its arrival/) as string },
    ],
  });
  const { deadLetterCounts } = await app.query<{ deadLetterCounts: object[] }>('{ deadLetterCounts(filter: { model: "many" }) { code count } }');
  expect(deadLetterCounts).toEqual(expect.arrayContaining([{ code: 'unknown_class', count: 1 }, { code: 'timestamp_out_of_range', count: 1 }]));
  const text = await page('/dead-letters');
  expect(text).toContain('did you mean &quot;bad&quot;?');
  expect(text).toContain('older than its arrival');
}); // prettier-ignore

it('two label sources that disagree: the newest counts, once, and how many there are is said', async () => {
  const confusion = 'confusion { labelled cells { actual answered rows } } labelsDisputed';
  // the answer was `good`
  const at = app.clock.now().getTime();
  await app.send('/v1/labels', [label('u0-5', 'bad', { source: 'bank', ts: at - 1000 }), label('u0-5', 'good', { source: 'bureau', ts: at })]);
  await app.tick();
  await house(213);
  await house(224);
  // with that of the test before
  expect(await model('many', confusion)).toEqual({ confusion: { labelled: 2, cells: [{ actual: 'not bad', answered: 'not bad', rows: 2 }] }, labelsDisputed: 1 });
  expect(await page('/models/many')).toContain('of 1 predictions of the last day two sources say different things; the newest label counts');
}); // prettier-ignore

it('costs that name a class nobody predicts: refused where the classes are known, a remark where they are not', async () => {
  const [refused] = await registerModel(app, kinds(`classes: [cat, dog]\n${STRAY}`));
  expect(refused?.message).toMatch(/costs\.matrix.*"dgo".*dog/);
  expect(await registerModel(app, kinds(STRAY))).toEqual([]);
  const rows = Array.from({ length: 200 }, (_, i) => ({
    prediction_id: `k${i}`, model: 'kinds', model_version: '1', ts: START + i * 1000, features: { x: i }, prediction: { label: i % 2 ? 'cat' : 'dog', scores: { cat: 0.5, dog: 0.5 } },
  })); // prettier-ignore
  await app.send('/v1/predictions', rows);
  const truth = rows.map(({ prediction_id }, i) => ({ prediction_id, model: 'kinds', ts: START + 2 * HOUR, label: i % 2 ? 'cat' : 'dog' }));
  await app.send('/v1/labels', truth);
  await app.tick();
  const { baselinePin } = await app.query<{ baselinePin: { userErrors: object[] } }>(
    `mutation { baselinePin(input: { model: "kinds", since: "${new Date(START).toISOString()}", until: "${new Date(START + HOUR).toISOString()}" }) { userErrors { message } } }`,
  );
  expect(baselinePin.userErrors).toEqual([]);
  const { baselineRemarks } = await model<{ baselineRemarks: string[] }>('kinds', 'baselineRemarks');
  expect(baselineRemarks).toContainEqual(expect.stringContaining('costs.matrix names "dgo", which is neither a label nor an answer of the reference'));
  expect(await page('/models/kinds')).toContain('costs.matrix names &quot;dgo&quot;');
}); // prettier-ignore

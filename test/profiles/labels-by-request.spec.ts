import { afterAll, beforeAll, expect, it } from 'vitest';
import { Model, type ModelFile } from '../../src/domain/model.js';
import { readPerformance } from '../../src/pipeline/performance.js';
import { Outcomes } from '../../src/profiles/outcomes.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { seeded } from '../support/random.js';

const AT = Date.UTC(2026, 2, 2, 10);
const HOUR = 3_600_000;
const ROWS = 120;
let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test.close());

const text = (at: number) => new Date(at).toISOString().slice(0, 23).replace('T', ' ');

interface Row {
  readonly answer: Readonly<Record<string, unknown>>;
  readonly truth: string;
}

const random = seeded(11);
const CLASSES = ['ant', 'bee', 'cat'] as const;
const ROW_OF: Readonly<Record<Model['task'], () => Row>> = {
  binary: () => {
    const score = Math.round(1000 * random()) / 1000;
    return {
      answer: { score, label: score >= 0.5 ? 'bad' : 'good' },
      truth: random() < score ? 'bad' : 'good',
    };
  },
  multiclass: () => {
    const p = 0.4 + 0.5 * random();
    const at = Math.floor(3 * random());
    const scores = Object.fromEntries(CLASSES.map((name, i) => [name, i === at ? p : (1 - p) / 2]));
    return { answer: { label: CLASSES[at], scores }, truth: CLASSES[random() < p ? at : (at + 1) % 3] ?? '' };
  },
  regression: () => {
    const value = 100 * random();
    return { answer: { value }, truth: String(Math.round(value + 10 * random())) };
  },
};

/** Stores a champion and a version beside it on the same requests; labels name the answers of one of them. */
async function stored(file: ModelFile, labelled: '1' | '2', rows: readonly Row[]) {
  const model = Model.parse({ multivariate: { classifier: false }, ...file });
  const place = { model: model.key, environment: 'production' };
  const predictions = rows.flatMap(({ answer }, i) =>
    ['1', '2'].map((version) => ({
      ...place, version, prediction_id: `v${version}-${i}`, tags: i === 0 ? {} : { request_id: `r${i}` }, score: NaN, value: NaN, ...answer,
      ts: text(AT + i * 60_000), offset: 2 * i + Number(version),
    })),
  ); // prettier-ignore
  const labels = rows.flatMap(({ truth }, i) =>
    // of the first no request is named, and of every seventh nothing is known
    i === 0 || i % 7 === 6 ? [] : [{ model: model.key, prediction_id: `v${labelled}-${i}`, label: truth, value: Number(truth), labelled_at: text(AT + i * 60_000 + 2 * HOUR), offset: i }],
  ); // prettier-ignore
  await test.database.insert('predictions', predictions);
  await test.database.insert('labels', labels);
  const outcomes = new Outcomes(test.database);
  const minutes = rows.map((_, i) => (AT + i * 60_000) / 1000);
  await outcomes.summarise([{ model, version: '1', minutes }, { model, version: '2', minutes }]); // prettier-ignore
  const range = { since: new Date(AT), until: new Date(AT + 2 * HOUR) };
  const asked = { model, version: '2', segment: null, metrics: null, ...range, now: new Date(AT + 5 * HOUR) };
  return async (byRequest: boolean) => readPerformance({ outcomes, baseline: null }, { ...asked, byRequest });
}

it.each<[Model['task'], Omit<ModelFile, 'key' | 'task'>]>([
  ['binary', { positive: 'bad', costs: { currency: 'EUR', falseNegative: 250 } }],
  ['multiclass', {}],
  ['regression', {}],
])('a %s version beside the champion has every metric by labels of the same requests', async (task, rest) => {
  const rows = Array.from({ length: ROWS }, () => ROW_OF[task]());
  const [ofOther, ofOwn] = [await stored({ key: `${task}-other`, task, ...rest }, '1', rows), await stored({ key: `${task}-own`, task, ...rest }, '2', rows)]; // prettier-ignore
  const realised = (series: Awaited<ReturnType<typeof ofOwn>>) => series.filter(({ basis }) => basis === 'REALISED');
  const [found, wanted] = [realised(await ofOther(true)), realised(await ofOwn(true))];
  // sums in another order
  const digits = (value: number | null | undefined) => (typeof value === 'number' ? Number(value.toPrecision(10)) : value);
  const values = (all: typeof found) => all.map(({ metric, whole, points }) => [metric, digits(whole?.value), whole?.n, ...points.flatMap(({ value, n, maturity }) => [digits(value), n, maturity])]);
  expect(found.find(({ metric }) => metric === (task === 'regression' ? 'bias' : 'accuracy'))?.whole?.value).not.toBeNull();
  expect(values(found)).toEqual(values(wanted));
  expect(found[0]?.remark).toMatch(/request_id.*no check judges by them$/);
  expect(wanted[0]?.remark).toBeNull();
  // where nobody asks for them there is none, and it is said why
  const [alone] = realised(await ofOther(false));
  expect(alone?.whole?.value).toBeNull();
  expect(alone?.remark).toMatch(/^no label names the prediction_id of one of these answers yet/);
}, 60_000); // prettier-ignore

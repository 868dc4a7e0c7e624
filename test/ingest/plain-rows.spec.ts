import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RawEvent } from '../../src/domain/event.js';
import { LANDING_SETTINGS, LANDING_TABLE, landingColumns } from '../../src/ingest/landing/landing-columns.js';
import { saveModelRules, type ModelRule } from '../../src/ingest/landing/model-rule.js';
import { plainRow } from '../../src/ingest/landing/plain-row.js';
import { storePlain } from '../../src/ingest/landing/store-plain.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';
import { seeded } from '../support/random.js';
import { hostileEvent } from './hostile-event.js';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const DAY = 86_400_000;
const bounds = { pastMs: 90 * DAY, futureMs: 3_600_000 };
const RULES: readonly ModelRule[] = [
  { key: 'credit-default', task: 'binary', positive: 'bad', ...bounds },
  { key: 'animal', task: 'multiclass', positive: null, ...bounds },
  { key: 'grade', task: 'binary', positive: 'very bad', classes: ['very bad', 'good', '1', 'true'], ...bounds },
  { key: 'price', task: 'regression', positive: null, pastMs: 2 * DAY, futureMs: 60_000 },
]; // prettier-ignore
const ruleOf = (model: string) => RULES.find(({ key }) => key === model);
const seed = Number(process.env['CHAOS_SEED'] ?? 20_261_126);

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
  await saveModelRules(db.database, RULES);
});
afterAll(async () => db.close());

type Random = () => number;
const pick = <Value>(random: Random, values: readonly Value[]): Value => values[Math.floor(random() * values.length)] as Value; // prettier-ignore

const NUMBERS = ['0', '1', '-1', '0.1', '1e-7', '-2.5E+3', '1.0', '123456.789', '0.30000000000000004', '1.7976931348623157e308', '5e-324', '9007199254740993', '18446744073709551615', '100000000000000000000', '-9223372036854775808', '2.2250738585072011e-308', '-0', '1e22', '12345678.9', '0.1234567890123456']; // prettier-ignore
const WORDS = ['"x"', '""', '"Köln 🙂"', '"12"', '"true"', '"2026-11-21"', '"a [b] {c}: d"', '"nan"', '"\\u00e9"', '" "', '"\\\\N"', '"null"']; // prettier-ignore
const NAMES = [
  'a',
  'b.c',
  'prediction.score',
  'features.',
  '',
  '0',
  '12',
  '日本',
  'say',
  '__proto__',
  'constructor',
  'note x',
];
const TIMES = ['1795255140123', '1795255140123.5', '"2026-11-21T09:59:00Z"', '"2026-11-21T09:59:00.1Z"', '"2026-11-21T10:29:00.123456+00:30"', '"2026-11-20T23:59:59.999999999-10:00"', '"2026-11-21t09:59:00z"', '"2026-11-21 09:59:00Z"', '"2026-02-30T00:00:00Z"', '"2026-11-21T09:58:60Z"', '"1795255140123"', '0', '"2026-11-21T09:59:00"']; // prettier-ignore

const value = (random: Random) => pick(random, [...NUMBERS, ...WORDS, 'true', 'false', 'null', ...(random() < 0.05 ? ['{}', '[1]', 'NaN', '1e999'] : [])]); // prettier-ignore
const number = (random: Random) => (random() < 0.9 ? pick(random, NUMBERS) : value(random));
const chance = (random: Random) => pick(random, ['0', '1', '0.25', '0.8333333333333334', '1e-12', '0.1', '1.5', '-0']); // prettier-ignore
const text = (random: Random) => (random() < 0.93 ? pick(random, WORDS) : value(random));

function map(random: Random, of: (random: Random) => string, names = NAMES): string {
  const some = names.filter(() => random() < 0.3);
  return `{${(some.length > 0 ? some : ['a']).map((name) => `${JSON.stringify(name)}${random() < 0.1 ? ' : ' : ':'}${of(random)}`).join(',')}}`;
} // prettier-ignore

/** An event written by hand, so that every spelling of a number gets in: mostly good, in every field of its kind. */
function spelled(random: Random, id: number): string {
  const isLabel = random() < 0.3;
  const model = pick(random, RULES).key;
  const label = pick(random, ['"good"', '"very bad"', '"a"', '1', 'true', '2.5', '""']);
  const answers: Readonly<Record<string, string>> = {
    'credit-default': `{"label":${label},"score":${chance(random)}}`,
    grade: `{"score":${chance(random)},"label":${label}}`,
    animal: `{"label":${label},"scores":${map(random, chance, ['cat', 'fox', '1', 'a'])}}`,
    price: `{"value":${number(random)}${random() < 0.3 ? `,"label":${label}` : ''}${random() < 0.3 ? `,"scores":${map(random, number, ['0.1', '0.9', 'p10', '1'])}` : ''}}`,
  };
  const optional: readonly (readonly [string, (random: Random) => string])[] = isLabel
    ? [['source', text], ['tags', (r) => map(r, text)], ['type', () => '"label"']]
    : [
        ['model_version', text], ['environment', (r) => pick(r, ['"production"', '"staging"', '""'])], ['segment', (r) => map(r, text)],
        ['protected', (r) => map(r, text)], ['attributions', (r) => map(r, number)], ['subject', text],
        ['status', (r) => pick(r, ['"ok"', '"timeout"', '""'])], ['latency_ms', number], ['tags', (r) => map(r, text)],
        ['type', () => '"prediction"'], ['extra', value],
      ];
  const fields = [
    `"prediction_id":${JSON.stringify(`s-${id}`)}`, `"model":"${model}"`, `"ts":${random() < 0.7 ? pick(random, TIMES.slice(0, 5)) : pick(random, TIMES)}`,
    ...(isLabel ? [`"label":${model === 'price' ? number(random) : label}`] : [`"features":${map(random, value)}`, `"prediction":${answers[model] ?? ''}`]),
    ...optional.flatMap(([name, of]) => (random() < 0.2 ? [`"${name}":${of(random)}`] : [])),
  ];
  if (random() < 0.03) fields.push(pick(random, fields));
  return `{${fields.toSorted(() => random() - 0.5).join(random() < 0.1 ? ' , ' : ',')}}`;
} // prettier-ignore

function events(count: number): RawEvent[] {
  const random = seeded(seed);
  return Array.from({ length: count }, (_, i) => {
    const value = random() < 0.3 ? hostileEvent(random, NOW) : Buffer.from(spelled(random, i));
    const isLabel = /"label":[^,]*[,}]/u.test(value.toString()) && !value.includes('"prediction":');
    const kind = random() < 0.3 ? null : isLabel ? 'label' : 'prediction';
    return { kind, topic: 'views', partition: 0, offset: BigInt(i), receivedAt: NOW, value };
  });
}

async function rowsOf(table: string, topic: string): Promise<ReadonlyMap<string, unknown>> {
  const rows = await db.database.query<{ offset: string }>(
    `SELECT * EXCEPT (topic, ingested_at) REPLACE (toString(offset) AS offset) FROM ${table} WHERE topic = {topic:String}`,
    { params: { topic } },
  );
  return new Map(rows.map((row) => [row.offset, row]));
}

it(`rows made here are those of the landing views, whatever is sent (CHAOS_SEED=${seed})`, async () => {
  for (const table of ['predictions', 'labels', 'dead_letters'])
    await db.database.command(`SYSTEM STOP MERGES ${table}`);
  const all = events(6000);
  await db.database.insertColumns(LANDING_TABLE, landingColumns(all, 2n), { settings: LANDING_SETTINGS });
  const plain = all.filter((event) => plainRow(event, ruleOf) !== null);
  const own = plain.map((event) => ({ ...event, topic: 'plain' }));
  for (let from = 0; from < own.length; from += 200)
    expect(await storePlain(db.database, own.slice(from, from + 200), ruleOf)).toBe(true);
  let found = 0;
  for (const table of ['predictions', 'labels']) {
    const [made, judged] = [await rowsOf(table, 'plain'), await rowsOf(table, 'views')];
    for (const [offset, row] of made) {
      const event = all[Number(offset)]?.value.toString();
      // the order of names within a row is the order they are read in
      expect([event, JSON.stringify(row)]).toEqual([event, JSON.stringify(judged.get(offset))]);
    }
    found += made.size;
  }
  expect(found).toBe(plain.length);
  expect(plain.length).toBeGreaterThan(700);
}, 300_000);

it('leaves a batch to the views in which one event is for them to judge, and one that is large', async () => {
  const good = { prediction_id: 'a', model: 'price', ts: NOW, features: { x: 1 }, prediction: { value: 1 } };
  const of = (value: object): RawEvent => ({ kind: 'prediction', topic: 'mixed', partition: 0, offset: 1n, receivedAt: NOW, value: Buffer.from(JSON.stringify(value)) }); // prettier-ignore
  expect(await storePlain(db.database, [of(good), of({ ...good, extra: 1 })], ruleOf)).toBe(false);
  expect(await storePlain(db.database, Array.from({ length: 300 }, () => of(good)), ruleOf)).toBe(false); // prettier-ignore
  expect(await rowsOf('predictions', 'mixed')).toEqual(new Map());
});

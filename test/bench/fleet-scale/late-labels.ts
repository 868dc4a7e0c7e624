import { DirtyMinuteScan } from '../../../src/profiles/dirty-minutes.js';
import type { Database } from '../../../src/store/database.js';
import { openTestDatabase } from '../../support/database.js';
import { exponent } from './curve.js';
import type { Part, Terms } from './part.js';
import { median, timed, type Took } from './stopwatch.js';

/** Predictions in the store, by millions. */
const SIZES = { full: [1, 4, 16], quick: [0.25, 1, 4] } as const;
const LABELS = 1_000;
const MODELS = 100;
const ROUNDS = 5;
const FAR = 100;
const TARGET_MS = 100;
const MILLION = 1e6;

interface Look {
  readonly millions: number;
  readonly took: Took;
}

/** What a look for news costs in which a thousand late labels are found, in stores of different sizes. */
export async function lateLabels({ size, say }: Terms): Promise<Part> {
  const opened = await openTestDatabase();
  try {
    const looks: Look[] = [];
    let stored = 0;
    for (const millions of SIZES[size]) {
      say(`a thousand labels among ${millions} million predictions`);
      await predictions(opened.database, stored, millions * MILLION);
      stored = millions * MILLION;
      looks.push({ millions, took: await look(opened.database, stored) });
    }
    return report(looks);
  } finally {
    await opened.close();
  }
}

/** Where predictions lie, as it is kept for labels to be found by. */
async function predictions(database: Database, from: number, to: number): Promise<void> {
  await database.command(
    `INSERT INTO prediction_minutes (model, id, minute, version, environment)
     SELECT concat('model-', toString(number % ${MODELS})), cityHash64(toString(number)), toDateTime('2026-01-05 00:00:00', 'UTC') + 60 * (intDiv(number, 50) % 129600), '1', 'production'
     FROM numbers({from:UInt64}, {count:UInt64})`,
    { params: { from, count: to - from }, timeoutMs: 900_000 },
  );
  await database.command('OPTIMIZE TABLE prediction_minutes FINAL', { timeoutMs: 900_000 });
}

async function look(database: Database, stored: number): Promise<Took> {
  const scan = new DirtyMinuteScan(database);
  await scan.scan();
  const took: Took[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await labels(database, stored, round);
    let minutes = 0;
    took.push(
      await timed(async () => {
        for (const found of await scan.scan()) minutes += found.minutes.length;
      }),
    );
    if (minutes === 0) throw new Error('the labels of the benchmark found no prediction');
  }
  return median(took);
}

/** A thousand labels of predictions from anywhere in the store. */
async function labels(database: Database, stored: number, round: number): Promise<void> {
  await database.command(
    `INSERT INTO labels (model, prediction_id, source, label, value, labelled_at, topic, partition, offset)
     SELECT concat('model-', toString(at % ${MODELS})), toString(at), {source:String}, 'bad', nan, now64(3), 'bench', 0, number
     FROM (SELECT number, (number * 7919 + {round:UInt64}) * {step:UInt64} % {stored:UInt64} AS at FROM numbers(${LABELS}))`,
    { params: { source: `truth-${stored}-${round}`, round, step: Math.floor(stored / LABELS) + 1, stored } },
  );
}

function report(looks: readonly Look[]): Part {
  const points = looks.map(({ millions, took }) => ({ size: millions, cost: took.seconds }));
  const slope = exponent(points);
  const last = looks.at(-1);
  const lastMs = 1000 * (last?.took.seconds ?? NaN);
  const farMs = lastMs * (FAR / (last?.millions ?? NaN)) ** Math.max(0, slope);
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  return {
    table: {
      title: `A look for news that finds ${LABELS} late labels`,
      columns: ['predictions, millions', 'took', 'CPU'],
      rows: [
        ...looks.map(({ millions, took }) => [
          String(millions),
          ms(1000 * took.seconds),
          ms(1000 * took.cpu),
        ]),
        ['exponent', slope.toFixed(2), ''],
        [`${FAR}, by that curve`, ms(farMs), ''],
      ],
    },
    numbers: {
      lateLabelsMs: lastMs,
      lateLabelsExponent: slope,
      lateLabelsFarMs: farMs,
    },
    note: `Target: ${TARGET_MS} ms at ${FAR} million predictions; ${farMs <= TARGET_MS ? 'reached' : 'missed'}.`,
  };
}

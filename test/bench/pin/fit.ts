import { fitBaseline } from '../../../src/checks/fit-baseline.js';
import { runChecks } from '../../../src/checks/run-checks.js';
import { passed } from '../../../src/domain/baseline.js';
import { Model } from '../../../src/domain/model.js';
import { pinBaseline } from '../../../src/profiles/pin-baseline.js';
import { EMPTY_PROFILE } from '../../../src/profiles/profile-row.js';
import { Profiles } from '../../../src/profiles/profiles.js';
import type { Database } from '../../../src/store/database.js';
import { openTestDatabase } from '../../support/database.js';
import { median, timed, type Took } from '../fleet-scale/stopwatch.js';
import { heldBytes } from './held-bytes.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const DAYS = 28;
const HOURS = DAYS * 24;
const ROWS_AN_HOUR = 60;
const FEATURES = 25;
const JUDGED = 15;
const budget = { pageDays: 30, noticeDays: 3, share: 1 };

/** A standard normal number of two others, by Box and Muller. */
const NORMAL =
  '(sqrt(-2 * log((1 + cityHash64(number, i) % 1000000) / 1000001)) * cos(2 * pi() * (cityHash64(i, number, 7) % 1000000) / 1000000))';

/** What a reference of 25 features and 28 days costs: to be frozen, to be fitted, to be held in memory, and to hold an hour against it from its minutes. */
export interface Fitted {
  readonly freeze: Took;
  readonly fit: Took;
  readonly heldBytes: number;
  readonly judge: Took;
}

export async function fitted(): Promise<Fitted> {
  const opened = await openTestDatabase();
  try {
    return await measured(opened.database);
  } finally {
    await opened.close();
  }
}

async function measured(database: Database): Promise<Fitted> {
  const model = Model.parse({ key: 'm', task: 'regression' });
  await rows(database);
  const [since, until] = [new Date(START), new Date(START + HOURS * HOUR)];
  let baseline = await pinBaseline(database, model, { since, until }, until);
  const freeze = await timed(async () => {
    baseline = await pinBaseline(database, model, { since, until }, until);
  });
  let held = fitBaseline(model, baseline);
  const fit = await timed(async () => {
    held = fitBaseline(model, baseline);
    return Promise.resolve();
  });
  const bytes = await heldBytes(() => [passed(baseline), fitBaseline(model, baseline)]);
  const [from, to] = [until, new Date(until.getTime() + HOUR)];
  const profiles = new Profiles(database);
  const minutes = Array.from({ length: 60 }, (_, i) => from.getTime() / 1000 + 60 * i);
  await profiles.recompute(model, baseline, '1', minutes);
  await profiles.rejudge(model, baseline, '1', minutes);
  const judged: Took[] = [];
  for (let i = 0; i < JUDGED; i += 1)
    judged.push(
      await timed(async () => {
        const span = { version: '1', from, to, widthMs: HOUR };
        const profile =
          (await profiles.windows(model.key, baseline.id, span)).get(from.getTime() / 1000) ?? EMPTY_PROFILE;
        const window = { model: model.key, version: '1', from, to, revision: 0 };
        return runChecks({ model, baseline, fitted: held, window, profile, state: null, budget });
      }),
    );
  return { freeze, fit, heldBytes: bytes, judge: median(judged) };
}

/** Rows of every hour of the reference and the one after it. */
async function rows(database: Database): Promise<void> {
  await database.command(
    `INSERT INTO predictions (model, version, environment, ts, prediction_id, num, value, topic, partition, offset)
     SELECT 'm', '1', 'production', fromUnixTimestamp64Milli(toInt64({start:Int64} + number * {step:Int64})), toString(number),
       CAST(mapFromArrays(arrayMap(i -> concat('x', toString(i)), range(${FEATURES})), arrayMap(i -> i + ${NORMAL}, range(${FEATURES}))), 'Map(LowCardinality(String), Float64)'),
       cityHash64(number) % 1000 / 100, 't', 0, number FROM numbers({rows:UInt64})`,
    { params: { start: START, step: HOUR / ROWS_AN_HOUR, rows: (HOURS + 1) * ROWS_AN_HOUR }, settings: { max_threads: 1 }, timeoutMs: 600_000 },
  );
} // prettier-ignore

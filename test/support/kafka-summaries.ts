import type { WholeBaseline } from '../../src/domain/baseline.js';
import { Model } from '../../src/domain/model.js';
import { DirtyMinuteScan } from '../../src/profiles/dirty-minutes.js';
import { EMPTY_PROFILE } from '../../src/profiles/profile-row.js';
import { Profiles } from '../../src/profiles/profiles.js';
import type { Database } from '../../src/store/database.js';

const MODEL = Model.parse({
  key: 'chaos',
  task: 'binary',
  positive: 'bad',
  features: { age: { type: 'numeric' }, income: { type: 'numeric' }, region: { type: 'categorical' } },
});
const BASELINE: WholeBaseline = {
  id: 'chaos',
  model: 'chaos',
  source: { learn: 1 },
  fingerprint: '',
  pinnedAt: new Date(0),
  rows: 0,
  features: {
    age: { kind: 'numeric', edges: [20, 30, 40, 50, 60], quantiles: [18, 30, 40, 50, 70], integer: true },
    income: {
      kind: 'numeric',
      edges: [50_000, 60_000],
      quantiles: [1, 50_000, 55_000, 60_000, 90_000],
      integer: false,
    },
    region: { kind: 'categorical', categories: ['north', 'south'], tail: [], unseenMass: 0 },
  },
  reference: EMPTY_PROFILE,
  rules: [],
  windows: [],
};

/** The service's summarising of what is new, for the chaos model. */
export class Summaries {
  private readonly scan: DirtyMinuteScan;
  private readonly profiles: Profiles;

  constructor(private readonly database: Database) {
    this.scan = new DirtyMinuteScan(database);
    this.profiles = new Profiles(database);
  }

  /** One beat: everything new is summarised, and only then remembered as done. */
  async beat(): Promise<void> {
    for (const { version, minutes, withNewRows } of await this.scan.scan()) {
      if (withNewRows.length > 0) await this.profiles.recompute(MODEL, BASELINE, version, withNewRows);
      await this.profiles.rejudge(MODEL, BASELINE, version, minutes);
    }
    await this.scan.commit();
  }

  /** Forgets all summaries and computes them from the rows alone. */
  async fromScratch(): Promise<void> {
    for (const table of ['profiles_1m', 'performance_1m'])
      await this.database.command(`TRUNCATE TABLE ${table}`);
    const all = await this.database.query<{ version: string; minutes: number[] }>(
      `SELECT version, arraySort(groupUniqArray(toUnixTimestamp(toStartOfMinute(ts)))) AS minutes FROM predictions
       WHERE model = 'chaos' GROUP BY version`,
    );
    for (const { version, minutes } of all) {
      await this.profiles.recompute(MODEL, BASELINE, version, minutes);
      await this.profiles.rejudge(MODEL, BASELINE, version, minutes);
    }
  }
}

/** Every summary there is, in order, without when it was made. */
export async function summariesIn(database: Database): Promise<readonly object[]> {
  const profiles = await database.query<object>(
    'SELECT * EXCEPT (computed_at) FROM profiles_1m FINAL ORDER BY model, version, baseline, minute, feature',
  );
  const performance = await database.query<object>(
    'SELECT * EXCEPT (computed_at) FROM performance_1m FINAL ORDER BY model, version, minute',
  );
  return [...profiles, ...performance].map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, rounded(value)])),
  );
}

/** Sums of the same numbers in another order differ in the last digits. */
function rounded(value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(9)) : value;
}

import { setImmediate as turn } from 'node:timers/promises';
import { groupBy } from '../domain/group-by.js';
import type { Constraint } from '../domain/constraint.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Database } from '../store/database.js';
import { tallyFeatures } from './feature-tally.js';
import { columnsOf, tallyMeasures } from './measure-tally.js';
import { tallyPerformance, type JudgedBy } from './performance-tally.js';
import type { MeasureRow } from './measure-row.js';
import type { MeasureCounts } from '../constraints/measure-sums.js';
import { profilesByBucket, type PerformanceRow, type ProfileRow } from './profile-row.js';
import type { FeatureBaselines } from '../domain/baseline.js';
import { readReferenceBlocks, wantedBy } from './row-blocks.js';
import type { RowBlock } from '../constraints/row-block.js';

/**
 * Rows and values of a reference up to which it is counted here. The engine plans some 15 ms a feature, whatever the rows, hundreds of features for a
 * minute; a value costs a microsecond or two here, and nearly nothing there.
 */
const TALLIED_ROWS = 10_000;
const TALLIED_VALUES = 3_000_000;
/** Values read at once: parsing more would hold the thread. */
const VALUES_A_READ = 200_000;
/** Features counted before others have their turn. */
const FEATURES_A_TURN = 40;

/** Rows looked at by rules before others have their turn. */
const ROWS_A_TURN = 10_000;

/** Rows of a reference in the shape of `predictions`, with their labels beside. */
export interface TalliedRows {
  /** A FROM clause. */
  readonly from: string;
  /** Start of the window of a row in epoch seconds, an expression over `ts`. */
  readonly bucket: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly rows: number;
}

/** What the rows are counted by. */
export interface CountedBy {
  readonly features: FeatureBaselines;
  readonly rules: readonly Constraint[];
  readonly performance: Omit<JudgedBy, 'labels'>;
}

/** Whether so many rows of so many features are better counted here than in the engine. */
export function isTallied(rows: number, features: number): boolean {
  return rows <= TALLIED_ROWS && rows * features <= TALLIED_VALUES;
}

/** The whole of a reference and its windows on its own edges: the same as the engine counts, for references that are wide and not long. */
export class TalliedReference {
  private constructor(
    private readonly blocks: readonly RowBlock[],
    private readonly by: CountedBy,
  ) {}

  static async read(database: Database, source: TalliedRows, by: CountedBy): Promise<TalliedReference> {
    const values = source.rows * Object.keys(by.features).length;
    const wanted = {
      ...wantedBy(by.rules),
      calls: false,
      minutes: by.rules.some(({ rule, feature }) => rule === 'distinct' && feature !== null),
    };
    const parts = Math.max(1, Math.ceil(values / VALUES_A_READ));
    return new TalliedReference(await readReferenceBlocks(database, source, wanted, parts), by);
  }

  /** All rows as one, under bucket 0; all of their labels are told. `beside` are measures made elsewhere. */
  async whole(beside: readonly MeasureRow[]): Promise<Map<number, WindowProfile>> {
    return this.profiles(new Map([[0, this.blocks]]), [], beside);
  }

  /** Window by window, by their starts in epoch seconds. */
  async windows(beside: readonly MeasureRow[]): Promise<Map<number, WindowProfile>> {
    return this.profiles(
      groupBy(this.blocks, ({ minute }) => minute),
      null,
      beside,
    );
  }

  private async profiles(
    buckets: ReadonlyMap<number, readonly RowBlock[]>,
    labels: readonly string[] | null,
    beside: readonly MeasureRow[],
  ): Promise<Map<number, WindowProfile>> {
    const { performance } = this.by;
    const features: ProfileRow[] = [];
    const judged: PerformanceRow[] = [];
    const measures: MeasureRow[] = [...beside];
    for (const [bucket, blocks] of buckets) {
      const at = { version: '', bucket };
      for (const one of await this.features(at, blocks)) features.push(one);
      judged.push({ ...at, ...tallyPerformance({ ...performance, labels }, blocks) });
      for (const one of await this.measures(blocks)) measures.push({ ...at, ...one });
    }
    return profilesByBucket(features, judged, measures);
  }

  /** Constraint by constraint where there are many rows. */
  private async measures(blocks: readonly RowBlock[]): Promise<readonly MeasureCounts[]> {
    const rows = blocks.reduce((sum, block) => sum + block.rows, 0);
    const atOnce = Math.max(1, Math.floor(ROWS_A_TURN / Math.max(1, rows)));
    const { rules } = this.by;
    const columns = columnsOf(blocks);
    const found: MeasureCounts[] = [];
    for (let i = 0; i < rules.length; i += atOnce) {
      found.push(...tallyMeasures(rules.slice(i, i + atOnce), columns));
      await turn();
    }
    return found;
  }

  private async features(
    at: Pick<ProfileRow, 'version' | 'bucket'>,
    blocks: readonly RowBlock[],
  ): Promise<readonly ProfileRow[]> {
    const all = Object.entries(this.by.features);
    const found: ProfileRow[] = [];
    for (let i = 0; i < all.length; i += FEATURES_A_TURN) {
      const some = Object.fromEntries(all.slice(i, i + FEATURES_A_TURN));
      for (const one of tallyFeatures(some, blocks)) found.push({ ...at, ...one });
      await turn();
    }
    return found;
  }
}

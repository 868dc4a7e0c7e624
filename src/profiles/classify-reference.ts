import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { ReferenceWindow } from '../domain/baseline.js';
import { groupBy } from '../domain/group-by.js';
import type { Measure } from '../domain/measure.js';
import type { ConstraintOf } from '../domain/constraint.js';
import type { Model } from '../domain/model.js';
import type { Database } from '../store/database.js';
import type { RowSource } from '../constraints/row-source.js';
import { type ClassifierColumns, type ClassifierRow, readClassifierRows } from './classifier-rows.js';
import { wantsClassifier } from './classifiers.js';
import { classifyWindow, LEAST_WINDOW_ROWS, mostWindowRows, packRows } from './classify-window.js';
import { classifierColumns } from '../constraints/standard-columns.js';
import type { FeatureBaselines } from '../domain/baseline.js';

const MOST_SAMPLE_ROWS = 10_000;
/** Windows of the reference that are classified, in runs: neighbours show how much a window resembles the one before. */
const WINDOWS = 120;
const RUN = 12;

/** What the classifier keeps of a reference, and how well it tells the reference's own windows from the rest. */
interface ClassifiedReference {
  readonly sample: readonly ClassifierRow[];
  /** By start, epoch milliseconds. */
  readonly measures: ReadonlyMap<number, Measure>;
}

interface ClassifierGround {
  readonly model: Model;
  readonly rule: ClassifierColumns;
  readonly source: RowSource;
  readonly rows: number;
  readonly windows: readonly ReferenceWindow[];
}

const LEAST_COLUMNS = 2;
const LEAST_REFERENCE_ROWS = 1000;

/** Freezes a sample of the reference and classifies its windows; null where no window of the model is to be classified. */
export async function freezeClassifier(
  database: Database,
  ground: Omit<ClassifierGround, 'rule'> & { readonly features: FeatureBaselines },
): Promise<(ClassifiedReference & { readonly rule: ConstraintOf<'classifier'> }) | null> {
  const columns = classifierColumns(ground.features);
  const enough = ground.windows.length > 0 && ground.rows >= LEAST_REFERENCE_ROWS;
  if (!wantsClassifier(ground.model) || !enough || columns.length < LEAST_COLUMNS) return null;
  const statistic = 'domain_classifier';
  const rule = {
    rule: 'classifier',
    name: statistic,
    check: 'multivariate',
    feature: null,
    statistic,
    columns,
  } as const;
  const classified = await classifyReference(database, { ...ground, rule });
  const sample = createHash('sha256').update(JSON.stringify(classified.sample)).digest('hex');
  return { ...classified, rule: { ...rule, sample } };
}

/** Freezes the sample and classifies about 120 windows of the reference, each against the sample without its own rows. */
async function classifyReference(database: Database, ground: ClassifierGround): Promise<ClassifiedReference> {
  const { rule, rows, windows } = ground;
  const sample = await readClassifierRows(database, ground, { rows, most: MOST_SAMPLE_ROWS });
  const width = rule.columns.length;
  const packed = packRows(sample, width);
  const measures = new Map<number, Measure>();
  for (const run of runsOf(windows)) {
    const [first, last] = [run[0], run.at(-1)];
    if (!first || !last) continue;
    const found = await readClassifierRows(
      database,
      { ...ground, source: between(ground.source, first.from, last.to) },
      {
        rows: Math.max(...run.map(({ profile }) => profile.predictions)),
        most: mostWindowRows(ground.model),
        perWindow: true,
      },
    );
    for (const [start, own] of groupBy(found, (row) => row.start)) {
      if (own.length < LEAST_WINDOW_ROWS) continue;
      const measure = classifyWindow(rule, packRows(own, width), packed);
      if (measure) measures.set(start * 1000, measure);
      await setImmediate(); // pinning must not hold up whoever sends
    }
  }
  return { sample, measures };
}

/** Everything where that is little, else ten runs of twelve windows spread evenly. */
function runsOf(windows: readonly ReferenceWindow[]): (readonly ReferenceWindow[])[] {
  const ordered = windows.toSorted((a, b) => a.from.getTime() - b.from.getTime());
  const count = Math.ceil(Math.min(WINDOWS, ordered.length) / RUN);
  const last = Math.max(0, ordered.length - RUN);
  return Array.from({ length: count }, (_, i) => {
    const at = ordered.length <= WINDOWS ? i * RUN : Math.round((i * last) / (count - 1));
    return ordered.slice(at, at + RUN);
  });
}

function between(source: RowSource, from: Date, to: Date): RowSource {
  const range =
    'ts >= fromUnixTimestamp64Milli({runFrom:Int64}) AND ts < fromUnixTimestamp64Milli({runTo:Int64})';
  return {
    from: `${source.from} AND ${range}`,
    params: { ...source.params, runFrom: from.getTime(), runTo: to.getTime() },
  };
}

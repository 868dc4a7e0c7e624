import type { Model } from '../domain/model.js';
import type { TrainingManifest } from '../retraining/manifest.js';
import { sliceMinutes, type Slice, type TrainingPlan } from '../retraining/training-plan.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import {
  labelCounts,
  NEWEST_LABEL,
  rowsByMinute,
  type LabelCount,
  type TrainingScope,
} from './training-rows.js';

/** Rows of one file, and of one statement of counting: joining more with their labels would take memory that grows with the data. */
const FILE_ROWS = 200_000;
const TIMEOUT_MS = 300_000;

interface MinuteRows {
  readonly minute: number;
  readonly total: number;
  readonly excluded: number;
  readonly failed: number;
  readonly subjects: number;
}

export type TrainingCounts = Pick<
  TrainingManifest,
  'exclude' | 'subjects' | 'rows' | 'classes' | 'values' | 'labels'
> & { readonly slices: readonly Slice[] };

/** Counts what a plan gives: rows that are left out and why, labels, classes. Memory does not grow with the rows. */
export async function countTrainingRows(
  database: Database,
  scope: TrainingScope,
  { period, exclude }: TrainingPlan,
  madeAt: Date,
): Promise<TrainingCounts> {
  const params = paramsOf(scope.model, { from: new Date(period.from), to: new Date(period.to) });
  const minutes = await database.query<MinuteRows>(rowsByMinute(scope), { params, timeoutMs: TIMEOUT_MS });
  const kept = minutes.map(({ minute, total, excluded }) => ({ minute, rows: total - excluded }));
  const slices = sliceMinutes(period, kept, FILE_ROWS);
  const { labels: { expectedWithin } } = scope.model; // prettier-ignore
  const mature = sqlMillisecond(new Date(madeAt.getTime() - expectedWithin));
  const counts: LabelCount[] = [];
  for (const slice of slices) {
    const bound = { ...paramsOf(scope.model, slice), mature };
    const sql = labelCounts(scope);
    counts.push(...(await database.query<LabelCount>(sql, { params: bound, timeoutMs: TIMEOUT_MS })));
  }
  const newest = await database.query<{ at: number; n: number }>(NEWEST_LABEL, {
    params: { model: scope.model.key },
  });
  return {
    slices,
    exclude: exclude.map((one) => ({ ...one, rows: excludedRows(one, minutes) })),
    subjects: { rows: sum(minutes, ({ subjects }) => subjects) },
    rows: rowsOf(minutes, counts),
    classes: scope.model.task === 'regression' ? [] : classesOf(counts),
    values: scope.model.task === 'regression' ? valuesOf(counts) : null,
    labels: {
      expectedWithinMs: expectedWithin,
      mature: sum(counts, (one) => one.mature),
      matureLabelled: sum(counts, (one) => (one.labelled ? one.mature : 0)),
      newestAt: newest[0] && newest[0].n > 0 ? new Date(newest[0].at).toISOString() : null,
    },
  };
}

/** What the statements about a slice bind. */
export function paramsOf(model: Model, { from, to }: Slice): Readonly<Record<string, string>> {
  return { model: model.key, from: sqlMillisecond(from), to: sqlMillisecond(to) };
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function excludedRows({ from, to }: TrainingPlan['exclude'][number], minutes: readonly MinuteRows[]): number {
  const [start, end] = [Date.parse(from) / 1000, Date.parse(to) / 1000];
  return sum(minutes, ({ minute, total }) => (minute >= start && minute < end ? total : 0));
}

function rowsOf(minutes: readonly MinuteRows[], counts: readonly LabelCount[]): TrainingManifest['rows'] {
  return {
    total: sum(minutes, ({ total }) => total),
    excluded: sum(minutes, ({ excluded }) => excluded),
    failedCalls: sum(minutes, ({ failed }) => failed),
    unlabelled: sum(counts, ({ labelled, rows }) => (labelled ? 0 : rows)),
    usable: sum(counts, ({ labelled, rows }) => (labelled ? rows : 0)),
  };
}

function classesOf(counts: readonly LabelCount[]): TrainingManifest['classes'] {
  const found = new Map<string, number>();
  for (const { actual, labelled, rows } of counts)
    if (labelled) found.set(actual, (found.get(actual) ?? 0) + rows);
  const all = [...found.values()].reduce((a, b) => a + b, 0);
  return [...found]
    .map(([label, rows]) => ({ label, rows, share: rows / all }))
    .toSorted((a, b) => b.rows - a.rows || (a.label < b.label ? -1 : 1))
    .slice(0, MOST_CLASSES);
}
/** More labels than these are no classes. */
const MOST_CLASSES = 1000;

function valuesOf(counts: readonly LabelCount[]): TrainingManifest['values'] {
  const labelled = counts.filter((one) => one.labelled && one.total !== null);
  const n = sum(labelled, ({ rows }) => rows);
  if (n === 0) return null;
  return {
    mean: sum(labelled, ({ total }) => total ?? 0) / n,
    min: labelled.reduce((least, { least: one }) => Math.min(least, one ?? Infinity), Infinity),
    max: labelled.reduce((most, { most: one }) => Math.max(most, one ?? -Infinity), -Infinity),
  };
}

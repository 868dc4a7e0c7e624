import type { Model } from '../domain/model.js';
import type { TrainingManifest } from '../retraining/manifest.js';
import { sliceMinutes, type Slice, type TrainingPlan } from '../retraining/training-plan.js';
import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import { labelledOnce, ONE_PASS, STAGED } from './training-labels.js';
import {
  labelCounts,
  NEWEST_LABEL,
  rowsByMinute,
  type LabelCount,
  type TrainingScope,
} from './training-rows.js';

/** Rows of one file: joining more with their labels would take memory that grows with the data. */
export const FILE_ROWS = 200_000;
const TIMEOUT_MS = 300_000;

interface MinuteRows {
  readonly minute: number;
  readonly total: number;
  readonly excluded: number;
  readonly failed: number;
  readonly subjects: number;
  readonly mature: number;
}

export type TrainingCounts = Pick<
  TrainingManifest,
  'exclude' | 'subjects' | 'rows' | 'classes' | 'values' | 'labels'
> & { readonly slices: readonly Slice[] };

/** What is counted, and when: `run` is one whose labels are staged; null where they are found in one pass. */
export interface CountedRows {
  readonly scope: TrainingScope;
  readonly plan: TrainingPlan;
  readonly madeAt: Date;
  readonly run: string | null;
}

/** Counts what a plan gives: rows that are left out and why, labels, classes. Memory does not grow with the rows. */
export async function countTrainingRows(
  database: Database,
  { scope, plan: { period, exclude }, madeAt, run }: CountedRows,
): Promise<TrainingCounts> {
  const { model } = scope;
  const { expectedWithin } = model.labels;
  const mature = sqlMillisecond(new Date(madeAt.getTime() - expectedWithin));
  const params = { ...paramsOf(model, { from: new Date(period.from), to: new Date(period.to) }), mature };
  const minutes = await database.query<MinuteRows>(rowsByMinute(scope), { params, timeoutMs: TIMEOUT_MS });
  const kept = minutes.map(({ minute, total, excluded }) => ({ minute, rows: total - excluded }));
  const source = run === null ? labelledOnce(scope) : STAGED;
  const counts = await database.query<LabelCount>(labelCounts(model.task, source), {
    params: run === null ? params : { ...params, run },
    settings: ONE_PASS,
    timeoutMs: TIMEOUT_MS,
  });
  const newest = await database.query<{ at: number; n: number }>(NEWEST_LABEL, {
    params: { model: model.key },
  });
  return {
    slices: sliceMinutes(period, kept, FILE_ROWS),
    exclude: exclude.map((one) => ({ ...one, rows: excludedRows(one, minutes) })),
    subjects: { rows: sum(minutes, ({ subjects }) => subjects) },
    rows: rowsOf(minutes, counts),
    classes: model.task === 'regression' ? [] : classesOf(counts),
    values: model.task === 'regression' ? valuesOf(counts) : null,
    labels: {
      expectedWithinMs: expectedWithin,
      mature: sum(minutes, (one) => one.mature),
      matureLabelled: sum(counts, (one) => one.mature),
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
  const [total, excluded] = [sum(minutes, (one) => one.total), sum(minutes, (one) => one.excluded)];
  const failedCalls = sum(minutes, ({ failed }) => failed);
  const usable = sum(counts, ({ rows }) => rows);
  // Rows that came between two statements are of neither.
  return {
    total,
    excluded,
    failedCalls,
    unlabelled: Math.max(0, total - excluded - failedCalls - usable),
    usable,
  };
}

function classesOf(counts: readonly LabelCount[]): TrainingManifest['classes'] {
  const all = sum(counts, ({ rows }) => rows);
  return counts
    .map(({ truth: label, rows }) => ({ label, rows, share: rows / all }))
    .toSorted((a, b) => b.rows - a.rows || (a.label < b.label ? -1 : 1))
    .slice(0, MOST_CLASSES);
}
/** More labels than these are no classes. */
const MOST_CLASSES = 1000;

/** A regression's labels are one row. */
function valuesOf([all]: readonly LabelCount[]): TrainingManifest['values'] {
  return all && all.rows > 0 ? { mean: all.total / all.rows, min: all.least, max: all.most } : null;
}

import { declaredRows } from './declared-types.js';
import type { Baseline } from '../domain/baseline.js';
import type { Measure } from '../domain/measure.js';
import type { ConstraintOf } from '../domain/constraint.js';
import type { Model } from '../domain/model.js';
import { answeredRows } from './own-rows.js';
import type { Database } from '../store/database.js';
import { type ClassifierRow, readClassifierRows } from './classifier-rows.js';
import {
  classifyWindow,
  LEAST_WINDOW_ROWS,
  mostWindowRows,
  type PackedRows,
  packRows,
} from './classify-window.js';

const HOUR = 3_600_000;
const WINDOW = { from: 'fromUnixTimestamp64Milli({from:Int64})', to: 'fromUnixTimestamp64Milli({to:Int64})' };

/** Frozen samples kept in memory, about two megabytes each. */
const MOST_SAMPLES = 64;

/** Whether a model's windows are classified: as its owner says, else where they are an hour or longer. */
export function wantsClassifier({ multivariate, window }: Model): boolean {
  return multivariate.classifier ?? window >= HOUR;
}

/** The frozen samples of references, and windows held against them. */
export class Classifiers {
  private readonly samples = new Map<string, Promise<PackedRows>>();

  constructor(private readonly database: Database) {}

  /** What the classifier says of one window; null where nothing is asked of it or there are too few rows. */
  async measure(
    model: Model,
    baseline: Baseline,
    window: { readonly version: string; readonly start: number; readonly predictions: number },
  ): Promise<{ readonly rule: string; readonly measure: Measure } | null> {
    const rule = baseline.rules.find((one): one is ConstraintOf<'classifier'> => one.rule === 'classifier');
    if (!rule || !wantsClassifier(model) || window.predictions < LEAST_WINDOW_ROWS) return null;
    const { version, start, predictions } = window;
    const where = `model = {model:String} AND version = {version:String} AND ${answeredRows(model, WINDOW)}
        AND ts >= ${WINDOW.from} AND ts < ${WINDOW.to}`;
    const params = { model: model.key, version, from: start, to: start + model.window };
    const { from } = await declaredRows(this.database, model, null, { where, params });
    const source = { from, params };
    const [rows, sample] = await Promise.all([
      readClassifierRows(
        this.database,
        { model, rule, source },
        { rows: predictions, most: mostWindowRows(model) },
      ),
      this.sampleOf(baseline.id, rule.columns.length),
    ]);
    const measure = classifyWindow(rule, packRows(rows, rule.columns.length), sample);
    return measure && { rule: rule.name, measure };
  }

  /** The stored sample of a reference is another one now. */
  forget(baseline: string): void {
    this.samples.delete(baseline);
  }

  private async sampleOf(baseline: string, width: number): Promise<PackedRows> {
    const known = this.samples.get(baseline);
    if (known) return known;
    const loaded = this.load(baseline, width);
    this.samples.set(baseline, loaded);
    loaded.catch(() => this.samples.delete(baseline));
    const oldest = this.samples.size > MOST_SAMPLES ? this.samples.keys().next().value : undefined;
    if (oldest !== undefined) this.samples.delete(oldest);
    return loaded;
  }

  private async load(baseline: string, width: number): Promise<PackedRows> {
    const rows = await this.database.query<ClassifierRow>(
      `SELECT toUnixTimestamp(window_from) AS start, slot, numbers FROM reference_samples FINAL
       WHERE baseline = {baseline:String} ORDER BY place`,
      { params: { baseline } },
    );
    return packRows(rows, width);
  }
}

/** Stores the frozen sample of a baseline; the same baseline always has the same. */
export async function saveReferenceSample(
  database: Database,
  baseline: string,
  sample: readonly ClassifierRow[],
): Promise<void> {
  const rows = sample.map(({ start, slot, numbers }, place) => ({
    baseline,
    place,
    window_from: start,
    slot,
    numbers,
  }));
  if (rows.length > 0) await database.insert('reference_samples', rows);
}

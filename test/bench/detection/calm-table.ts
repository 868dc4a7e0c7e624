import { groupBy } from '../../../src/domain/group-by.js';
import type { BenchTable } from '../report.js';
import type { CalmKind } from './calm/calm-kind.js';
import { CalmModel, type Page } from './calm/calm-model.js';

/** What one kind of calm did with one seed. */
export interface CalmResult {
  readonly kind: string;
  readonly features: number;
  readonly days: number;
  /** Pages in the days monitored, with their series. */
  readonly pages: readonly string[];
  readonly expected: number;
  readonly noticeOnly: number;
  readonly series: number;
}

export function runCalm(kind: CalmKind, seed: number): CalmResult {
  const model = new CalmModel(kind, seed);
  const pages = model.pages();
  const { series, expectedFalseAlerts } = model.fitted;
  return {
    kind: kind.name,
    features: Object.keys(model.baseline.features).length,
    days: kind.days ?? 30,
    pages: pages.map(({ from, series: name }: Page) => `${name} ${from.toISOString().slice(0, 13)}`),
    expected: expectedFalseAlerts ?? 0,
    noticeOnly: series.filter(({ status }) => status === 'uncalibratable').length,
    series: series.filter(({ status }) => status !== 'learning').length,
  };
}

/** Pages of every kind, seed by seed, beside what the budget allows it in its days. */
export function calmTable(results: readonly CalmResult[]): BenchTable {
  const kinds = [...groupBy(results, ({ kind }) => kind).values()];
  const seeds = Math.max(...kinds.map((kind) => kind.length));
  const total = (read: (result: CalmResult) => number, of: readonly CalmResult[]) =>
    of.reduce((sum, result) => sum + read(result), 0);
  const row = (name: string, of: readonly CalmResult[], pages: readonly string[]) => [
    name,
    String(total(({ features }) => features, of)),
    ...pages,
    total(({ days }) => days / 30, of).toFixed(1),
    total(({ expected }) => expected, of).toFixed(1),
    `${total(({ noticeOnly }) => noticeOnly, of)} of ${total(({ series }) => series, of)}`,
  ];
  const bySeed = (i: number) =>
    total(
      ({ pages }) => pages.length,
      kinds.flatMap((kind) => kind[i] ?? []),
    );
  return {
    title: 'Pages in calm with a structure of its own',
    columns: [
      'calm',
      'features',
      ...Array.from({ length: seeds }, (_, i) => `pages, seed ${i + 1}`),
      'budget',
      'audit expects',
      'series that only notice',
    ],
    rows: [
      ...kinds.map((kind) =>
        row(
          kind[0]?.kind ?? '',
          kind,
          kind.map(({ pages }) => String(pages.length)),
        ),
      ),
      row(
        'all',
        results,
        Array.from({ length: seeds }, (_, i) => String(bySeed(i))),
      ),
    ],
  };
}

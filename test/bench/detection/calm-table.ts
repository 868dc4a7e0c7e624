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

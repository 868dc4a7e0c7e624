import { expect, it } from 'vitest';
import type { MetricSeries } from '../pipeline/performance.js';
import { performanceSection, serviceSection } from './performance-section.js';

const series = (metric: string, value: number, usual: number | null = null): MetricSeries => {
  const point = { from: 0, to: 3_600_000, value, low: value - 1, high: value + 1, n: 400, state: 'OK', reason: null, maturity: 1 } as const;
  return { metric, basis: 'REALISED', version: '1', segment: null, usual, unjudged: null, remark: null, whole: { ...point, n: 24_000 }, points: [point] };
}; // prettier-ignore
const shown = (found: readonly MetricSeries[]) =>
  String(performanceSection(found, [], { currency: 'EUR' })).replaceAll(/\s+/g, ' ');
/** The chart of a title: where its dashed line is, and what its note says of it. */
const figureOf = (text: string, title: string) => {
  const figure = text.split('<figure').find((part) => part.includes(`<strong>${title}</strong>`)) ?? '';
  return {
    threshold: Number(/&quot;threshold&quot;:([\d.]+|null)/.exec(figure)?.[1]),
    note: /dashed: [^<;]*/.exec(figure)?.[0],
  };
};

it('a metric is drawn beside the reference, or beside where nothing is wrong; money has its currency', () => {
  const text = shown([
    series('auc', 0.7, 0.82),
    series('calibration_slope', 0.6),
    series('cost', 5400),
    series('f1', 0.5),
  ]);
  expect(figureOf(text, 'auc')).toEqual({ threshold: 0.82, note: 'dashed: 0.82, the reference' });
  expect(figureOf(text, 'calibration slope')).toEqual({
    threshold: 1,
    note: 'dashed: 1, where nothing is wrong',
  });
  expect(figureOf(text, 'cost, EUR')).toEqual({ threshold: Number.NaN, note: undefined });
  expect(figureOf(text, 'f1').note).toBeUndefined();
  expect(text).toMatch(/<th scope="row">cost, EUR<\/th>/);
});

it('a share of failed calls above its target that is no alert says how many it would take', () => {
  const point = { from: 0, to: 3_600_000, calls: 120, failed: 11, failureRate: 11 / 120, codes: [], p50Ms: null, p95Ms: null, p99Ms: null, relativeError: 0.01 }; // prettier-ignore
  const text = (failed: number) =>
    String(serviceSection([{ ...point, failed }], { regions: [], errorRate: 0.02 }).text);
  expect(text(11)).toMatch(/The target allows 2 %; a window is beyond it where chance would do that once in a million: of 120 calls that is from 1\d failed ones on, so this one is above the target and told by nobody\./); // prettier-ignore
  expect(text(1)).not.toContain('told by nobody');
  expect(text(60)).not.toContain('told by nobody');
});

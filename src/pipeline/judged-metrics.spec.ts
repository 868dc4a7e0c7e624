import { expect, it } from 'vitest';
import type { CheckName, CheckState } from '../domain/check-result.js';
import type { Metric } from '../domain/outcome.js';
import { withSegmentStates, withStates } from './judged-metrics.js';
import type { MetricBasis, MetricPoint, MetricSeries } from './performance.js';

const point = (from: number, state: MetricPoint['state'] = 'OK'): MetricPoint => ({ from, to: from + 1000, value: state === 'OK' ? 0.5 : null, low: null, high: null, n: 40, state, reason: null, maturity: 1 }); // prettier-ignore
const seriesOf = (metric: string, basis: MetricBasis, points = [point(0)]): MetricSeries => ({ metric, usual: null, whole: null, unjudged: null, remark: null, basis, version: '1', segment: null, points }); // prettier-ignore
const said = (check: CheckName, statistic: string, state: CheckState, from = 0) => ({ from, check, statistic, state, explanation: state === 'NOT_JUDGED' ? 'for people' : '' }); // prettier-ignore

it.each<[what: string, series: MetricSeries, wanted: readonly string[]]>([
  ['an alert of one of its checks', seriesOf('mean_absolute_error', 'REALISED'), ['ALERT']],
  ['what labels say, where they are weighted', seriesOf('mean_absolute_error', 'CORRECTED'), ['ALERT']],
  ['what is judged before labels come', seriesOf('mean_absolute_error', 'ESTIMATED'), ['OK']],
  ['the error rate, of what is right', seriesOf('accuracy', 'REALISED', [point(0), point(1000)]), ['NOTICE', 'LEARNING']],
  ['nothing, where nothing asks', seriesOf('bias', 'REALISED'), ['NOT_JUDGED']],
  ['nothing, in a window that was not judged', seriesOf('auc', 'REALISED', [point(0), point(1000)]), ['OK', 'NOT_JUDGED']],
  ['why it has no value', seriesOf('mean_absolute_error', 'REALISED', [point(0, 'INSUFFICIENT')]), ['INSUFFICIENT']],
])('the state of a metric is that of %s', (_what, series, wanted) => {
  const found = withStates([series], [
    said('performance', 'mean_absolute_error', 'NOTICE'),
    said('concept_drift', 'mean_absolute_error', 'ALERT'),
    said('estimated_performance', 'mean_absolute_error', 'OK'),
    said('concept_drift', 'error_rate', 'NOTICE'),
    said('concept_drift', 'error_rate', 'LEARNING', 1000),
    said('performance', 'auc', 'OK'),
  ]);
  expect(found[0]?.points.map(({ state }) => state)).toEqual(wanted);
}); // prettier-ignore

it('what is expected by scores that no label calibrated is not judged, and says why', () => {
  const one = { ...seriesOf('mean_absolute_error', 'ESTIMATED', [point(0), point(1000, 'INSUFFICIENT')]), unjudged: 'no label taught it' };
  const [found] = withStates([one], [said('estimated_performance', 'mean_absolute_error', 'OK')]);
  expect(found?.points.map(({ state, reason }) => [state, reason])).toEqual([['NOT_JUDGED', 'no label taught it'], ['INSUFFICIENT', null]]);
}); // prettier-ignore

it('says why nobody judges it: what the check says, or that none asks', () => {
  const found = withStates([seriesOf('f1', 'REALISED'), seriesOf('bias', 'REALISED'), seriesOf('accuracy', 'REALISED')], [
    said('performance', 'f1', 'NOT_JUDGED'), said('performance', 'accuracy', 'NOT_JUDGED'), said('concept_drift', 'error_rate', 'OK'),
  ]);
  expect(found.map(({ points }) => [points[0]?.state, points[0]?.reason])).toEqual([
    ['NOT_JUDGED', 'for people'], ['NOT_JUDGED', 'not judged: no check asks about it'], ['OK', null],
  ]);
}); // prettier-ignore

it('a model of which nothing is judged has no metric that is OK', () => {
  const series = ['accuracy', 'auc'].map((metric) => seriesOf(metric, 'REALISED'));
  expect(withStates(series, []).flatMap(({ points }) => points.map(({ state }) => state))).toEqual(['NOT_JUDGED', 'NOT_JUDGED']); // prettier-ignore
});

it('a segment is what its check said last, and not judged where none did', () => {
  const metric = (name: string, state: Metric['state'] = 'OK'): Metric => ({ metric: name, value: state === 'OK' ? 0.2 : null, low: null, high: null, n: 40, state, reason: null }); // prettier-ignore
  const standing = (segment: string, loss: Metric) => ({ segment, predictions: 50, labelled: 40, usualLoss: null, usualRemark: null, loss, metrics: [metric('accuracy'), metric('f1')] }); // prettier-ignore
  const found = withSegmentStates(
    [
      standing('channel=app', metric('error_rate')),
      standing('channel=web', metric('error_rate')),
      standing('channel=none', metric('error_rate', 'INSUFFICIENT')),
    ],
    [{ segment: 'channel=app', statistic: 'error_rate', state: 'ALERT' }],
  );
  expect(found.map(({ loss, metrics }) => [loss, ...metrics].map(({ state }) => state))).toEqual([
    ['ALERT', 'ALERT', 'NOT_JUDGED'],
    ['NOT_JUDGED', 'NOT_JUDGED', 'NOT_JUDGED'],
    ['INSUFFICIENT', 'NOT_JUDGED', 'NOT_JUDGED'],
  ]);
});

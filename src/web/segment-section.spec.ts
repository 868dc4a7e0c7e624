import { expect, it } from 'vitest';
import type { JudgedSegment } from '../pipeline/judged-metrics.js';
import type { SegmentResult } from './model.reads.js';
import { segmentSection } from './segment-section.js';

const loss = { metric: 'error_rate', value: 0.2, low: 0.1, high: 0.3, n: 40, reason: null };
const standing = (segment: string, state: JudgedSegment['loss']['state']): JudgedSegment => ({ segment, predictions: 50, labelled: 40, usualLoss: 0.1, usualRemark: null, loss: { ...loss, state }, metrics: [] }); // prettier-ignore
const result = (segment: string, state: SegmentResult['state']): SegmentResult => ({ segment, from: 0, check: 'segment_drift', statistic: 'mean_score', value: 1, effect: 0, n: 50, state, evidence: null, explanation: '' }); // prettier-ignore

const incident = (id: string, state: 'OPEN' | 'CLOSED', segment: string) => ({ signal: { model: 'm', version: '1', check: 'segment_performance' as const, feature: null, segment }, id, state, severity: 'warning' as const }); // prettier-ignore

it('a segment is OK only where its loss was judged; what alerts in it comes first', () => {
  const text = String(
    segmentSection(
      [standing('channel=app', 'NOT_JUDGED'), standing('channel=web', 'OK'), standing('channel=fax', 'NOT_JUDGED')],
      [result('channel=app', 'OK'), result('channel=web', 'OK'), result('channel=fax', 'ALERT'), result('channel=pen', 'OK')],
      { segments: ['channel'], costs: undefined },
      [incident('a', 'OPEN', 'channel=pen'), incident('b', 'CLOSED', 'channel=web')],
    ).text,
  ); // prettier-ignore
  const states = [
    ...text.matchAll(
      /scope="row">([^<]*)<\/th>\s*<td>(?:<span\s+title="[^"]*"\s*>\s*)?<span class="state \w+">([^<]*)</g,
    ),
  ];
  expect(states.map(([, segment, state]) => `${segment} ${state}`)).toEqual([
    'channel=app not judged',
    'channel=web OK',
    'channel=fax alert',
    // OK in its newest window, while what was found of it is open.
    'channel=pen warning, open',
  ]);
});

import { expect, it } from 'vitest';
import { keptPromises, type DemoReport } from './demo-report.js';

const found = {
  feature: 'distance',
  segment: null,
  kind: 'unit_change',
  from: '2001-04-10',
  detectedAt: '2001-04-14',
};
const incident = {
  key: 'v1:x',
  feature: 'hour',
  segment: null,
  check: 'feature_drift',
  severity: 'warning' as const,
  explainedBy: null,
  openedAt: '2001-03-07T00:00:00.000Z',
  foundAt: '2001-03-06T00:00:00.000Z',
  extent: '+0.5 sd over 1 window in 1 d',
  cost: null,
  injected: false,
  summary: 'feature drift of hour',
};
const kept: DemoReport = {
  url: '',
  events: { predictions: 2, labels: 1, deadLetters: 0 },
  eventsPerSecond: 1,
  secondsToFirstIncident: 1,
  injected: [found],
  incidents: [
    { ...incident, injected: true },
    { ...incident, severity: 'info' },
    { ...incident, explainedBy: 'another' },
  ],
  audit: { entries: 1, valid: true },
  performance: { metric: 'auc', baseline: null, latest: null },
};
const sent = { predictions: 2, labels: 1 };

it('is kept when what was injected was found and nothing else told', () => {
  expect(keptPromises(kept, sent)).toEqual([]);
});

it.each([
  ['a fault was missed', { injected: [{ ...found, detectedAt: null }] }, 'unit_change of distance'],
  [
    'something was told that nobody injected',
    { incidents: [incident] },
    'nobody injected what was told on 2001-03-06: feature drift of hour',
  ],
  ['it was critical', { incidents: [{ ...incident, severity: 'critical' as const }] }, 'nobody injected'],
  ['the log is broken', { audit: { entries: 1, valid: false } }, 'does not verify'],
  ['an event was refused', { events: { predictions: 2, labels: 1, deadLetters: 1 } }, 'dead letters'],
  [
    'an event is missing',
    { events: { predictions: 1, labels: 1, deadLetters: 0 } },
    '2 predictions were sent',
  ],
])('is broken when %s', (_, change, why) => {
  expect(keptPromises({ ...kept, ...change }, sent)).toEqual([expect.stringContaining(why)]);
});

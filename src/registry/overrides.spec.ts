import { expect, it } from 'vitest';
import { Overrides } from './overrides.js';
import { MonitoringRuns } from './monitoring-runs.js';

const ADA = { actor: { type: 'user', id: 'u1' }, name: 'Ada' } as const;
const NOW = new Date('2026-11-26T10:00:00Z');
const said = { model: 'm', version: null, predictionRef: 'p', subjectRef: 's', decided: 'bad', outcome: 'good', reason: ' income was misread ', reviewer: null, isCompared: true }; // prettier-ignore

it('G-23: an override has both decisions, a reason and a reviewer, and is none where the decision stands', () => {
  const overrides = new Overrides();
  for (const entry of overrides.record(said, ADA, NOW)) overrides.apply({ ...entry, seq: 7, hash: '' });
  expect(overrides.list()).toEqual([
    { ...said, seq: 7, at: NOW, reason: 'income was misread', reviewer: 'Ada', enteredBy: 'u1' },
  ]);
  expect(() => overrides.record({ ...said, outcome: 'bad' }, ADA, NOW)).toThrow(/nothing was overridden/u);
  expect(() => overrides.record({ ...said, reason: ' ' }, ADA, NOW)).toThrow(/say why/u);
  expect(() => overrides.record({ ...said, reviewer: 'Ad\u0430' }, ADA, NOW)).toThrow(/mixes letters of two alphabets/u);
}); // prettier-ignore

it('G-24: a run of a monitoring plan says what was found', () => {
  const runs = new MonitoringRuns();
  for (const entry of runs.record('m', 'nothing', ADA, NOW)) runs.apply({ ...entry, seq: 3, hash: '' });
  expect(runs.of('m')).toEqual([{ at: NOW, by: 'Ada', note: 'nothing', seq: 3 }]);
  expect(() => runs.record('m', '', ADA, NOW)).toThrow(/what was found is part of a run/u);
});

import { expect, it } from 'vitest';
import { modelLines, referenceOf, type ModelDetail } from './model-lines.js';

const AT = '2026-11-28T10:00:00.000Z';
const model: ModelDetail = {
  key: 'loans', task: 'BINARY', owner: 'risk', riskTier: 'HIGH', name: null, purpose: null, undoneByFile: null, windowMs: 3_600_000, timezone: 'UTC', registeredAt: AT,
  versions: [], features: [], baseline: null, baselineProblem: null, unsummed: null, faults: [], incidents: [],
  monitoring: { state: 'LEARNING', reason: '0 of 336 windows', windowsLearnt: 0, windowsNeeded: 336, armed: 0, learning: 0, tooFewWindows: 0, uncalibratable: 0, expectedFalseAlerts: null, heldAgainst: null, labels: null },
  counts: { predictions: 0, elsewhere: 0, labels: 0, deadLetters: 0 },
  labelsUnmatched: null, labelsDisputed: null, labelsMisspelt: null, eventTimeShift: null, beyondLateness: 0,
}; // prettier-ignore
const lines = (more: Partial<ModelDetail>) => modelLines({ ...model, ...more });

it('says of labels what came of them, and that none did only where none did', () => {
  const counts = { ...model.counts, labels: 300 };
  expect(lines({})).toContain('labels:      none has come yet');
  expect(lines({ counts })).toContain('labels:      not looked at yet');
  const monitoring = { ...model.monitoring, labels: '300 labels came, and none names a prediction' };
  expect(lines({ counts, monitoring })).toContain(`labels:      ${monitoring.labels}`);
  expect(lines({ counts, labelsUnmatched: 40 })).toContain(
    'unmatched:   40 labels of the last day name no prediction',
  );
});

it('gives an open incident as a whole, and an announced version without a row as such', () => {
  const incidents = [{ id: 'inc_1', severity: 'CRITICAL', headline: 'age has moved: +49.9 sd over 3 windows in 3 h' }];
  const one = { version: '2', stage: 'CANARY', firstSeenAt: null, knownSince: AT, announcedBy: 'ops' };
  const versions = [one, { ...one, version: '3', firstSeenAt: AT }];
  expect(lines({ incidents, versions })).toEqual(
    expect.arrayContaining([
      '  critical: age has moved: +49.9 sd over 3 windows in 3 h (inc_1)',
      '  2 (canary) announced 2026-11-28 10:00 UTC by ops, no row yet',
      '  3 (canary) since 2026-11-28 10:00 UTC',
    ]),
  );
}); // prettier-ignore

it('says how its series stand, and how many false pages they may raise', () => {
  const monitoring = { ...model.monitoring, state: 'PARTLY', reason: null, armed: 36, tooFewWindows: 2, expectedFalseAlerts: 0.2512 } as const;
  expect(lines({ monitoring })).toContain(
    'monitoring:  partly (36 series armed, 0 learning, 2 with too few windows in the reference, 0 that cannot be calibrated; 0.25 false pages expected in 30 days if the budget of the whole fleet were its own)',
  );
}); // prettier-ignore

it('says that a reference is learnt only where one is', () => {
  expect(referenceOf(model)).toBe('learning');
  expect(referenceOf({ ...model, monitoring: { ...model.monitoring, state: 'CANNOT_JUDGE' } })).toBe(
    'none yet',
  );
});

import { expect, it } from 'vitest';
import type { Baseline } from '../domain/baseline.js';
import type { Constraint } from '../domain/constraint.js';
import type { Measure } from '../domain/measure.js';
import { Model } from '../domain/model.js';
import { NO_ANSWERS, type Outcome } from '../domain/outcome.js';
import { NO_LABELS } from '../domain/profile.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { usualLosses, usualOfLoss } from './usual-loss.js';

const model = Model.parse({ key: 'm', task: 'binary', positive: 'bad' });
const identity = { rule: 'segment', check: 'segment_performance', feature: null, segment: 'channel=web', attribute: 'channel', value: 'web' } as const; // prettier-ignore
const rules: readonly Constraint[] = [
  { ...identity, name: 'errors', statistic: 'error_rate', counted: { of: 'errors', task: 'binary', positive: 'bad' }, needsLabels: true },
  { ...identity, name: 'rows', statistic: 'share', counted: { of: 'rows' } },
]; // prettier-ignore
const sides = (n: number, sum: number): Measure => ({ kind: 'sides', n, sum, sumSquares: sum, otherN: 0, otherSum: 0, otherSquares: 0 }); // prettier-ignore
const profile = (errors: Measure, rows = 0) => ({ ...EMPTY_PROFILE, measures: { errors, rows: sides(rows, rows) } }); // prettier-ignore
const [from, to] = [new Date(0), new Date(3_600_000)];
const pinned: Baseline = { id: 'b', model: 'm', source: { file: 'f' }, fingerprint: 'f', pinnedAt: new Date(0), rows: 200, features: {}, reference: profile(sides(0, 0)), rules, windows: [] }; // prettier-ignore

const outcome = (answered: number, wrong: number, labelled: number): Outcome => ({ ...NO_ANSWERS, answered, labelled, sums: { trueNegatives: labelled - wrong, falseNegatives: wrong } }); // prettier-ignore
const store = (web: Outcome) => ({
  windows: async () => Promise.resolve(new Map([[0, outcome(200, 0, 200)]])),
  bySegment: async () => Promise.resolve(new Map([['channel=web', web]])),
});
const of = async (baseline: Baseline, web = NO_ANSWERS) => usualLosses({ outcomes: store(web), baseline }, { model, version: '1' }); // prettier-ignore

it('of a segment is what labels say that came after the reference was frozen, where they did', async () => {
  expect(await of(pinned)).toEqual(new Map());
  const known = await of({ ...pinned, reference: profile(sides(10, 1)) });
  expect(known.get('channel=web')?.value).toBe(0.1);
  const windows = [sides(10, 2), sides(30, 4)].map((one) => ({ from, to, profile: profile(one) }));
  const later = { ...pinned, labels: { id: 'l', fingerprint: 'l', source: pinned.source, windows } };
  expect((await of(later)).get('channel=web')?.value).toBe(0.15);
  expect(usualOfLoss({ task: 'binary' }, 0.15)).toEqual({ accuracy: 0.85 });
});

it('follows the labels of the reference as they come, and counts them', async () => {
  const reference = { ...profile(sides(40, 8), 100), performance: { ...NO_LABELS, labelled: 80 } };
  const windows = [{ from, to, profile: reference }];
  const period: Baseline = { ...pinned, source: { since: from, until: to }, reference, windows };
  const known = (await of(period, outcome(100, 20, 80))).get('channel=web');
  expect(known).toEqual({ value: 0.25, answers: 100, frozen: 40, now: 80 });
  // rows that were thrown away since: what was frozen is all that is known
  const rest = (await of(period, outcome(60, 9, 50))).get('channel=web');
  expect(rest).toEqual({ value: 0.2, answers: 100, frozen: 40, now: null });
});

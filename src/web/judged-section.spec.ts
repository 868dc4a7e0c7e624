import { expect, it } from 'vitest';
import { incident } from '../../test/support/incidents.js';
import { judgedSection } from './judged-section.js';
import type { ResultPoint } from './model.reads.js';

it('says in what unit a metric changed: an error rate by points, money in its currency', () => {
  const result = (check: ResultPoint['check'], statistic: string, value: number, effect: number): ResultPoint =>
    ({ from: 0, check, statistic, value, effect, n: 109, state: 'ALERT', evidence: null, explanation: '' }); // prettier-ignore
  const results = [
    result('concept_drift', 'error_rate', 0.275, 7.67),
    result('performance', 'auc', 0.784, -0.079),
    result('performance', 'cost', 5540, 2210),
  ];
  const text = String(
    judgedSection(results, { regions: [], labels: null, incidents: [], currency: 'EUR' }).text,
  );
  const rows = text.split('<tr>').map((row) => row.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ').trim()); // prettier-ignore
  expect(rows.find((row) => row.startsWith('error rate alert'))).toMatch(
    /28.% \+7\.67 percentage points 109/,
  );
  expect(rows.find((row) => row.startsWith('auc alert'))).toContain('0.784 −0.079 109');
  expect(rows.find((row) => row.startsWith('cost, EUR'))).toMatch(/5.540 \+2.210 109/);
});

it('says up to where labels are judged, where none of the windows that are shown is', () => {
  const text = String(
    judgedSection([], { regions: [], labels: 'judged up to 2026-03-09 12:00', incidents: [] }).text,
  );
  expect(text).toContain('No window of this range is judged by its labels: judged up to 2026-03-09 12:00.');
});

it('calls no metric OK while an incident of the answers is open, whichever of them it was found by', () => {
  const point = (statistic: string, state: ResultPoint['state']): ResultPoint =>
    ({ from: 0, check: 'performance', statistic, value: 0.2, effect: 0, n: 50, state, evidence: null, explanation: '' }); // prettier-ignore
  const found = incident('', { severity: 'warning', statistic: 'auc' });
  const of = (state: 'OPEN' | 'CLOSED', segment = '') => ({ ...found, state, signal: { ...found.signal, check: 'performance' as const, feature: null, segment } }); // prettier-ignore
  const states = (incidents: readonly ReturnType<typeof of>[]) => {
    const points = [point('error_rate', 'OK'), point('auc', 'ALERT')];
    const text = String(judgedSection(points, { regions: [], labels: null, incidents }).text);
    return [...text.matchAll(/class="state \w+">([^<]*)</g)].map(([, state]) => state);
  };
  expect(states([of('OPEN')])).toEqual(['warning, open', 'alert']);
  expect(states([of('CLOSED'), of('OPEN', 'channel=app')])).toEqual(['OK', 'alert']);
});

import { expect, it } from 'vitest';
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
  const text = String(judgedSection(results, { regions: [], labels: null, currency: 'EUR' }).text);
  const rows = text.split('<tr>').map((row) => row.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ').trim()); // prettier-ignore
  expect(rows.find((row) => row.startsWith('error rate alert'))).toMatch(
    /28.% \+7\.67 percentage points 109/,
  );
  expect(rows.find((row) => row.startsWith('auc alert'))).toContain('0.784 −0.079 109');
  expect(rows.find((row) => row.startsWith('cost, EUR'))).toMatch(/5.540 \+2.210 109/);
});

it('says up to where labels are judged, where none of the windows that are shown is', () => {
  const text = String(judgedSection([], { regions: [], labels: 'judged up to 2026-03-09 12:00' }).text);
  expect(text).toContain('No window of this range is judged by its labels: judged up to 2026-03-09 12:00.');
});

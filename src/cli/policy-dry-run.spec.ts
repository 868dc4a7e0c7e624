import { expect, it } from 'vitest';
import { linesOf, type DryRun } from './policy-dry-run.js';

it('lists the rules of a candidate also where they raise nothing', () => {
  const policy = { id: 'cand', version: 1, hash: 'ab'.repeat(32), replaces: null, rules: ['income', 'age'] };
  const run: DryRun = { policy, windows: 10, active: [], candidate: [], messages: { active: [], candidate: [] }, notComputed: [] }; // prettier-ignore
  const none = { active: 0, candidate: 0 };
  const rules = [{ model: 'm', rule: 'cand/age', alerts: { ...none, candidate: 2 }, retrains: none }];
  const lines = linesOf(run, { rules, added: [], removed: [] });
  expect(lines.filter((line) => line.startsWith('cand/'))).toEqual([
    'cand/income raises nothing of its own: it found nothing, or what another policy raises already',
  ]);
});

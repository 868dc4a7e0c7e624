import { expect, it } from 'vitest';
import { linesOf, type DryRun } from './policy-dry-run.js';

it('lists the rules of a candidate also where they raise nothing', () => {
  const policy = { id: 'cand', version: 1, hash: 'ab'.repeat(32), replaces: null, rules: ['income', 'age'] };
  const run: DryRun = { policy, windows: 10, active: [], candidate: [], messages: { active: [], candidate: [] }, notComputed: [], unknownChannels: [] }; // prettier-ignore
  const none = { active: 0, candidate: 0 };
  const rules = [{ model: 'm', rule: 'cand/age', alerts: { ...none, candidate: 2 }, retrains: none }];
  const lines = linesOf(run, { rules, added: [], removed: [] });
  expect(lines.filter((line) => line.startsWith('cand/'))).toEqual([
    'cand/income raises nothing of its own: it found nothing, or what another policy raises already',
  ]);
});

it('names channels that are nobody, as the start and doctor do', () => {
  const policy = { id: 'cand', version: 3, hash: 'ab'.repeat(32), replaces: null, rules: [] };
  const messages = { active: [], candidate: [{ channel: 'default', messages: 1 }, { channel: 'risk', messages: 0 }] }; // prettier-ignore
  const run: DryRun = { policy, windows: 10, active: [], candidate: [], messages, notComputed: [], unknownChannels: ['rsik'] }; // prettier-ignore
  expect(linesOf(run, { rules: [], added: [], removed: [] })).toContain(
    'cand@3 names rsik, which is nobody: add it to the channels file, which has default, risk; messages to it are not counted',
  );
});

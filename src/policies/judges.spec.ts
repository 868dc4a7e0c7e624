import { expect, it } from 'vitest';
import { judge, policies, result, rule } from '../../test/support/policies.js';
import { Model } from '../domain/model.js';
import { judgesOf } from './judges.js';

it('a policy that has nothing to say of a window judges it as well; a rehearsed one, or of other models, does not', () => {
  const quiet = rule('when: value > 0.9, levels: [{ severity: warning }]');
  const loud = rule('when: value > 0.1, levels: [{ severity: critical }]');
  const all = [...policies(loud), ...policies(quiet)];
  const [said] = judge(all, [[result({ value: 0.5 })]]);
  expect(said?.verdicts.length).toBe(1);
  const model = Model.parse({ key: 'm', task: 'regression' });
  expect(judgesOf(all, model)).toEqual(all);
  const [first] = policies(quiet);
  expect(judgesOf(first ? [{ ...first, enforcement: 'dryrun' }] : [], model)).toEqual([]);
  expect(judgesOf(first ? [{ ...first, appliesTo: () => false }] : [], model)).toEqual([]);
  // What cannot be told is asked.
  expect(judgesOf(first ? [{ ...first, appliesTo: () => null }] : [], model)).toHaveLength(1);
});

import { expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { compilePolicy } from './compile-policy.js';
import { judgeModel, type Concern } from './judge-model.js';
import { Policy } from './policy-schema.js';

const DAY = 86_400_000;
const model = Model.parse({ key: 'm', task: 'regression' });
const policy = (id: string, spec: object) => {
  const rules = [{ id: 'r', when: 'state == "ALERT"', levels: [{ severity: 'warning' }] }];
  const metadata = { id, owner: 'me', version: 1 };
  const parsed = Policy.parse({
    apiVersion: 'tidewatch/v1',
    kind: 'Policy',
    metadata,
    spec: { rules, ...spec },
  });
  return compilePolicy(parsed, { hash: `hash of ${id}`, content: null }, `${id}.yaml`).policy;
};
const concern = (more: Partial<Concern> = {}): Concern => ({
  check: 'monitoring',
  statistic: 'judged',
  problem: 'nothing is judged',
  value: null,
  n: 0,
  lasted: 4 * DAY,
  since: new Date(0),
  ...more,
});

it('is told after three days to the default channel where a policy says nothing else', () => {
  const [told, ...others] = judgeModel([policy('a', {})], model, [concern()]);
  expect(others).toEqual([]);
  expect(told).toMatchObject({
    outcome: 'breach', severity: 'warning', channels: ['default'], summary: 'nothing is judged',
    signal: { model: 'm', version: '', check: 'monitoring' }, policy: { id: 'a', rule: 'unjudged' },
  }); // prettier-ignore
  expect(judgeModel([policy('a', {})], model, [concern({ lasted: 2 * DAY })])).toEqual([]);
});

it('is told as the most severe policy that applies says, to the channels of all that have waited long enough', () => {
  const strict = policy('strict', { unjudged: { after: '1d', severity: 'critical', channels: ['risk'] } });
  const silent = policy('silent', { unjudged: false });
  const other = policy('other', { appliesTo: 'model.key == "x"', unjudged: { channels: ['x'] } });
  const all = [silent, policy('a', {}), other, strict];
  expect(judgeModel(all, model, [concern()])[0]).toMatchObject({
    severity: 'critical',
    channels: ['default', 'risk'],
    policy: { id: 'strict' },
  });
  expect(judgeModel(all, model, [concern({ lasted: 2 * DAY })])[0]?.channels).toEqual(['risk']);
  expect(judgeModel([silent, other], model, [concern()])).toEqual([]);
});

it('is told at once where waiting makes no difference, and is clear when all is well', () => {
  const labels = concern({ check: 'unmatched_labels', lasted: null });
  expect(judgeModel([policy('a', {})], model, [labels])[0]?.outcome).toBe('breach');
  expect(judgeModel([policy('a', {})], model, [concern({ problem: null })])).toMatchObject([
    { outcome: 'clear', clearAfter: 1 },
  ]);
});

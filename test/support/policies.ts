import type { CheckResult } from '../../src/domain/check-result.js';
import { Model } from '../../src/domain/model.js';
import { evaluatePolicies } from '../../src/policies/evaluate.js';
import { loadPolicies } from '../../src/policies/load.js';
import type { PolicyState } from '../../src/policies/policy-state.js';

export const MODEL = Model.parse({
  key: 'credit',
  task: 'regression',
  features: { age: { type: 'numeric', importance: 0.5 }, income: { type: 'numeric' } },
  risk: { impact: 'high', frequency: 'high' },
});

export const window = (hour: number) => ({
  model: 'credit',
  version: '1',
  from: new Date((hour - 1) * 3_600_000),
  to: new Date(hour * 3_600_000),
  revision: 0,
});

export const result = (more: Partial<CheckResult> = {}): CheckResult => ({
  check: 'feature_drift',
  feature: 'age',
  statistic: 'location',
  value: 0.01,
  n: 1000,
  state: 'OK',
  evidence: null,
  effect: null,
  since: null,
  explanation: null,
  ...more,
});

export function policies(...specs: readonly string[]) {
  const texts = specs.map(
    (spec, i) => `apiVersion: tidewatch/v1
kind: Policy
metadata: { id: p${i}, owner: me, version: ${i + 1} }
spec: ${spec}`,
  );
  return loadPolicies(texts.map((text, i) => ({ name: `p${i}.yaml`, text }))).policies;
}

export const rule = (text: string, rest = ''): string => `{ rules: [{ id: r, ${text} }] ${rest} }`;

/** Judges windows one after another, the state through JSON as it is stored, and tells what came of each. */
export function judge(laws: ReturnType<typeof policies>, windows: readonly (readonly CheckResult[])[]) {
  let state: PolicyState | null = null;
  return windows.map((results, i) => {
    const output = evaluatePolicies(laws, { model: MODEL, window: window(i + 1), results, state });
    state = JSON.parse(JSON.stringify(output.state)) as PolicyState;
    return output;
  });
}

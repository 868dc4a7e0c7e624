import type { CheckResult } from '../domain/check-result.js';
import { Model, type RiskTier } from '../domain/model.js';
import type { CompiledPolicy } from './compiled-policy.js';
import type { PathProblem } from './compile-policy.js';
import { evaluatePolicies } from './evaluate.js';
import type { PolicyTest } from './policy-schema.js';
import type { PolicyState } from './policy-state.js';

/** Runs a policy's own tests through the real evaluation; each one that fails is a problem at its place in the file. */
export function runPolicyTests(policy: CompiledPolicy, tests: readonly PolicyTest[]): readonly PathProblem[] {
  return tests.flatMap((test, i) => {
    const complaint = runTest(policy, test);
    return complaint === null
      ? []
      : [{ path: ['spec', 'tests', i], message: `test "${test.name}" fails: ${complaint}` }];
  });
}

const RISK: Readonly<
  Record<RiskTier, { impact: 'low' | 'medium' | 'high'; frequency: 'low' | 'medium' | 'high' }>
> = {
  LOW: { impact: 'low', frequency: 'low' },
  MEDIUM: { impact: 'medium', frequency: 'medium' },
  HIGH: { impact: 'high', frequency: 'high' },
};

function runTest(policy: CompiledPolicy, { given, expect }: PolicyTest): string | null {
  const { riskTier, ...described } = given.model;
  const model = Model.parse({
    key: 'tested',
    task: 'regression',
    ...described,
    risk: RISK[riskTier ?? 'MEDIUM'],
    positive: 'yes',
  });
  // A dry run is tested as if it were in force; the tests are about the rules.
  const policies = [
    { ...policy, enforcement: policy.enforcement === 'dryrun' ? ('enforce' as const) : policy.enforcement },
  ];
  let state: PolicyState | null = null;
  let outcome = 'silent';
  let severity = 'none';
  let retrain = false;
  let channels: readonly string[] = [];
  const windows = given.windows.flatMap((window) => Array.from({ length: timesOf(window) }, () => window));
  windows.forEach((window, i) => {
    const at = {
      model: model.key,
      version: '1',
      from: new Date(i * 3_600_000),
      to: new Date((i + 1) * 3_600_000),
      revision: 0,
    };
    const output = evaluatePolicies(policies, {
      model,
      window: at,
      results: [resultOf(given, window)],
      state,
    });
    const verdict = output.verdicts[0];
    state = output.state;
    outcome = verdict?.outcome ?? 'silent';
    severity = verdict?.outcome === 'breach' ? verdict.severity : 'none';
    retrain = verdict?.retrain ?? false;
    channels = verdict?.channels ?? [];
  });
  if (severity !== expect.severity) return `severity is ${severity}, expected ${expect.severity}`;
  if (expect.outcome !== undefined && outcome !== expect.outcome)
    return `outcome is ${outcome}, expected ${expect.outcome}`;
  if (expect.retrain !== undefined && retrain !== expect.retrain)
    return `retrain is ${retrain}, expected ${expect.retrain}`;
  const wanted = expect.channels && [...expect.channels].sort().join(', ');
  return wanted !== undefined && channels.join(', ') !== wanted
    ? `channels are [${channels.join(', ')}], expected [${wanted}]`
    : null;
}

function timesOf(window: PolicyTest['given']['windows'][number]): number {
  return typeof window === 'number' || window === null ? 1 : window.times;
}

const TEST_ROWS = 1_000;
const UNKNOWN: Exclude<PolicyTest['given']['windows'][number], number | null> = {
  state: 'INDETERMINATE',
  times: 1,
};

function resultOf(given: PolicyTest['given'], window: PolicyTest['given']['windows'][number]): CheckResult {
  const said =
    typeof window === 'object' ? (window ?? UNKNOWN) : { ...UNKNOWN, state: 'OK' as const, value: window };
  return {
    check: given.check,
    feature: given.feature,
    ...(given.segment === undefined ? {} : { segment: given.segment }),
    statistic: given.statistic,
    value: said.value ?? null,
    n: said.n ?? TEST_ROWS,
    state: said.state ?? 'OK',
    evidence: said.evidence ?? null,
    effect: said.effect ?? null,
    since: null,
    explanation: null,
  };
}

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fitBaseline } from '../../src/checks/fit-baseline.js';
import { runChecks } from '../../src/checks/run-checks.js';
import type { SeriesState } from '../../src/checks/series-state.js';
import { yamlFiles } from '../../src/config/files.js';
import { packageFolder } from '../../src/config/package-folder.js';
import type { Verdict } from '../../src/domain/incident.js';
import { NO_LABELS, type WindowProfile } from '../../src/domain/profile.js';
import { evaluatePolicies } from '../../src/policies/evaluate.js';
import { loadPolicies } from '../../src/policies/load.js';
import type { PolicyState } from '../../src/policies/policy-state.js';
import { lcg } from '../../src/stats/lcg.js';
import { normals } from '../support/random.js';
import {
  NORMAL_BASELINE,
  NORMAL_EDGES,
  numericProfile,
  syntheticBaseline,
  syntheticModel,
  syntheticWindow,
} from '../support/synthetic-model.js';

const REFERENCE_HOURS = 28 * 24;
const HOURS = 10 * 24;
const ROWS = 600;
const normal = normals(lcg(5));
/** Up by day and down by night, as nearly everything that people do. */
const level = (hour: number) => Math.sin((2 * Math.PI * hour) / 24);

/** An hour of a healthy model: two seasonal features, one that never varies, labels with not one predicted positive. */
function hourOf(hour: number): WindowProfile {
  const feature = (phase: number) =>
    numericProfile(
      Array.from({ length: ROWS }, () => 0.7 * level(hour + phase) + normal()),
      NORMAL_EDGES,
    );
  const bad = Math.round(0.05 * ROWS + 2 * normal());
  const performance = {
    ...NO_LABELS,
    labelled: ROWS,
    correct: ROWS - bad,
    trueNegatives: ROWS - bad,
    falseNegatives: bad,
  };
  const features = {
    load: feature(0),
    price: feature(6),
    plant: numericProfile(
      Array.from({ length: ROWS }, () => 0),
      NORMAL_EDGES,
    ),
  };
  return { predictions: ROWS, features, unknownFeatures: [], measures: {}, performance };
}

const folder = join(packageFolder(), 'policies');
const files = yamlFiles(folder);

/** Of every version that a service may have in its ledger: it refuses another text under the same number. */
const TEXTS: Readonly<Record<string, string>> = {
  'default 2': 'a8fa3648de0413fcfd61ce6b356b0df0baef12b20f74f69fe328885cd522087c',
  'high-risk 2': 'e1bdebc9132516ce69aa477961ea7141db4a483276feb2757f7ace264125374d',
};

describe('the policies that ship', () => {
  it('have a new version with a new text, so that a store that knows the old one opens', () => {
    const texts = loadPolicies(files).policies.map(({ id, version, hash }) => [`${id} ${version}`, hash]);
    expect(Object.fromEntries(texts)).toEqual(TEXTS);
  });

  it('say nothing of ten healthy days of a seasonal model of high risk', () => {
    const model = syntheticModel({ risk: { impact: 'high', frequency: 'high' } });
    const reference = Array.from({ length: REFERENCE_HOURS }, (_, hour) => hourOf(hour));
    const features = { load: NORMAL_BASELINE, price: NORMAL_BASELINE, plant: NORMAL_BASELINE };
    const baseline = syntheticBaseline(features, reference);
    const fitted = fitBaseline(model, baseline);
    const { policies } = loadPolicies(files);
    let state: SeriesState | null = null;
    let memory: PolicyState | null = null;
    const told: Verdict[] = [];
    const rehearsed: Verdict[] = [];
    for (let hour = REFERENCE_HOURS; hour < REFERENCE_HOURS + HOURS; hour += 1) {
      const window = syntheticWindow(hour);
      const budget = { pageDays: 30, noticeDays: 3, share: 1 };
      const checked = runChecks({ model, baseline, fitted, window, profile: hourOf(hour), state, budget });
      const judged = evaluatePolicies(policies, { model, window, results: checked.results, state: memory });
      [state, memory] = [checked.state, judged.state];
      told.push(
        ...judged.verdicts.filter(({ outcome, severity }) => outcome === 'breach' && severity !== 'info'),
      );
      rehearsed.push(...judged.dryRun);
    }
    expect(told.map(({ policy, summary }) => `${policy.id}/${policy.rule}: ${summary}`)).toEqual([]);
    // Why the fixed ladder is not in force.
    expect(rehearsed.filter(({ severity }) => severity === 'critical').length).toBeGreaterThan(10);
  }, 120_000);
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { groupResults } from '../../src/checks/group-results.js';
import { yamlFiles } from '../../src/config/files.js';
import { packageFolder } from '../../src/config/package-folder.js';
import type { Constraint } from '../../src/domain/constraint.js';
import type { Verdict } from '../../src/domain/incident.js';
import type { Measure } from '../../src/domain/measure.js';
import { NO_LABELS, type WindowProfile } from '../../src/domain/profile.js';
import { evaluatePolicies } from '../../src/policies/evaluate.js';
import { loadPolicies } from '../../src/policies/load.js';
import type { PolicyState } from '../../src/policies/policy-state.js';
import { seeded } from '../support/random.js';
import { syntheticBaseline, syntheticModel, syntheticWindow } from '../support/synthetic-model.js';

const folder = join(packageFolder(), 'policies');
const drafts = yamlFiles(join(folder, 'drafts'));
const DAYS = 60;
/** One false alarm in so many days for all that is watched: the default of TIDEWATCH_FALSE_ALARM_DAYS. */
const BUDGET_DAYS = 30;

/** Of every version that a service may have in its ledger: it refuses another text under the same number. */
const TEXTS: Readonly<Record<string, string>> = {
  'fairness-eu-ai-act 1': 'e5dd3addcbfe23347c254e34d84e29faf50cb144d0293df7126aa7fb8e493b75',
  'fairness-us-four-fifths 1': '8eb69686918838c5f066c3e5a5f4d87d2ef86c487a3d67525392294ef5b2532a',
};

/** People of each group in an hour, one of them too few to be told of. */
const GROUPS = { female: 420, male: 460, other: 20 };
type Group = keyof typeof GROUPS;

const rulesOf = (group: Group): readonly Constraint[] =>
  (['all', 'deserving', 'undeserving'] as const).map((among) => ({
    rule: 'selection', name: `${group}:${among}`, check: among === 'all' ? 'fairness' : 'group_errors', feature: `sex=${group}`, statistic: among,
    attribute: 'sex', group, among, outcome: 'yes', otherwise: false, byScore: true, ...(among === 'all' ? {} : { needsLabels: true }),
  })); // prettier-ignore

interface World {
  /** Part of a group that deserves the favourable outcome. */
  readonly deserving: Readonly<Record<Group, number>>;
  /** Part of those that get it, of the deserving and of the others. */
  readonly hits: Readonly<Record<Group, readonly [number, number]>>;
}

const same = <Value>(value: Value) => ({ female: value, male: value, other: value });
/** Everybody alike: 40 % deserve it; of those 80 % get it, of the others 15 %. */
const FAIR: World = { deserving: same(0.4), hits: same([0.8, 0.15]) };

function hourOf(world: World, random: () => number): WindowProfile {
  const drawn = (n: number, p: number) => {
    let hits = 0;
    for (let i = 0; i < n; i += 1) hits += random() < p ? 1 : 0;
    return hits;
  };
  const counts = Object.entries(GROUPS).map(([name, people]) => {
    const group = name as Group;
    const deserving = drawn(people, world.deserving[group]);
    const [yes, no] = world.hits[group];
    const among = { deserving: [drawn(deserving, yes), deserving], undeserving: [drawn(people - deserving, no), people - deserving] } as const; // prettier-ignore
    return { group, among: { ...among, all: [among.deserving[0] + among.undeserving[0], people] } as const };
  });
  const measures: Record<string, Measure> = {};
  for (const { group, among } of counts)
    for (const kind of ['all', 'deserving', 'undeserving'] as const) {
      const others = counts.filter((one) => one.group !== group).map((one) => one.among[kind]);
      const sum = (i: 0 | 1) => others.reduce((total, one) => total + one[i], 0);
      const [hits, trials] = among[kind];
      measures[`${group}:${kind}`] = { kind: 'rates', hits, trials, otherHits: sum(0), otherTrials: sum(1) };
    }
  return { predictions: 900, features: {}, unknownFeatures: [], performance: NO_LABELS, measures };
}

/** What a policy would tell people of so many days, by rule; a rule tells once until it has been clear. */
function told(file: { readonly name: string; readonly text: string }, world: World, days = DAYS): readonly Verdict[] {
  const { policies } = loadPolicies([file]);
  const model = syntheticModel({ risk: { impact: 'high', frequency: 'high' }, protected: ['sex'] });
  const random = seeded(11);
  const rules = (Object.keys(GROUPS) as Group[]).flatMap(rulesOf);
  const baseline = syntheticBaseline({}, [hourOf(FAIR, random)], { rules });
  let memory: PolicyState | null = null;
  const found: Verdict[] = [];
  for (let hour = 0; hour < days * 24; hour += 1) {
    const window = syntheticWindow(hour);
    const results = groupResults(baseline, hourOf(world, random), window);
    const judged = evaluatePolicies(policies, { model, window, results, state: memory });
    memory = judged.state;
    found.push(...judged.verdicts.filter(({ outcome, severity }) => outcome === 'breach' && severity !== 'info'));
  }
  return found;
} // prettier-ignore

describe('the fairness policies that ship as drafts', () => {
  it('are not in force: no service reads them', () => {
    const read = loadPolicies(yamlFiles(folder)).policies.map(({ id }) => id);
    const ids = loadPolicies(drafts).policies.map(({ id }) => id);
    expect(ids).toEqual(['fairness-eu-ai-act', 'fairness-us-four-fifths']);
    expect(read.filter((id) => ids.includes(id))).toEqual([]);
    expect(readFileSync(join(folder, 'default.yaml'), 'utf8')).not.toContain('drafts/');
  });

  it('have a new version with a new text, so that a number means one text', () => {
    const texts = loadPolicies(drafts).policies.map(({ id, version, hash }) => [`${id} ${version}`, hash]);
    expect(Object.fromEntries(texts)).toEqual(TEXTS);
  });

  describe.each(drafts.map((file) => [file.name.split('/').at(-1), file] as const))('%s', (_, file) => {
    it('keeps to the budget of false alarms where everybody is treated alike', () => {
      const alarms = told(file, FAIR).map(({ summary }) => summary);
      expect(alarms.length, alarms.join('\n')).toBeLessThanOrEqual(DAYS / BUDGET_DAYS);
    });

    it('tells within a day of a group that is selected half as often', () => {
      const world = { ...FAIR, hits: { ...FAIR.hits, female: [0.4, 0.07] as const } };
      expect(told(file, world, 1).map(({ severity }) => severity)).toContain('critical');
    });
  });

  it('tell of a group that the model is wrong about more often, though it is selected as often', () => {
    const world = { ...FAIR, hits: { ...FAIR.hits, female: [0.5, 0.35] as const } };
    const [eu, us] = drafts.map((file) => told(file, world, 1).map(({ severity }) => severity));
    expect([eu?.includes('critical'), us]).toEqual([true, []]);
  });
});

import { describe, expect, it } from 'vitest';
import { syntheticBaseline, syntheticModel, syntheticWindow } from '../../test/support/synthetic-model.js';
import type { CheckResult } from '../domain/check-result.js';
import type { Measure } from '../domain/measure.js';
import type { Constraint } from '../domain/constraint.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
import type { Counted } from '../domain/segment-rule.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { lcg } from '../stats/lcg.js';
import { FLEET_BUDGET } from './budget.js';
import { fitBaseline } from './fit-baseline.js';
import { markSegments } from './mark-segments.js';
import { runChecks } from './run-checks.js';
import type { SeriesState } from './series-state.js';

const ROWS = { web: 100, shop: 150, app: 250 } as const;
type Name = keyof typeof ROWS;
const NAMES = Object.keys(ROWS) as Name[];
type By = Readonly<Partial<Record<Name, number>>>;

const ERRORS: Counted = { of: 'errors', task: 'binary', positive: 'yes' };
const RULES: readonly Constraint[] = NAMES.flatMap((value): Constraint[] => {
  const place = { rule: 'segment', feature: null, segment: `channel=${value}`, attribute: 'channel', value } as const;
  return [
    { ...place, name: `errors:${value}`, check: 'segment_performance', statistic: 'error_rate', counted: ERRORS, needsLabels: true },
    { ...place, name: `rows:${value}`, check: 'segment_drift', statistic: 'predictions', counted: { of: 'rows' } },
    { ...place, name: `slow:${value}`, check: 'segment_drift', statistic: 'slow_calls', counted: { of: 'slow', aboveMs: 250 } },
  ];
}); // prettier-ignore
const CALLS = (['slow', 'failed'] as const).map((part): Constraint => ({
  rule: 'calls', name: `calls:${part}`, check: 'service', feature: null, statistic: part === 'slow' ? 'slow_calls' : 'failures', part, aboveMs: part === 'slow' ? 250 : null,
})); // prettier-ignore

const random = lcg(5);
const drawn = (trials: number, share: number) =>
  Array.from({ length: trials }).filter(() => random() < share).length;

/** A window with so large a part of wrong answers, so many rows, and so large a part of slow calls, by segment; `failed`: of all calls. */
function windowOf(wrong: By = {}, rows: By = {}, slow: By = {}, failed = 0.01): WindowProfile {
  const counts = NAMES.map((name) => {
    const mean = rows[name] ?? ROWS[name];
    const n = Math.round(mean + (random() + random() + random() + random() - 2) * Math.sqrt(3 * mean));
    return { name, n, errors: drawn(n, wrong[name] ?? 0.1), late: drawn(n, slow[name] ?? 0.05) };
  });
  const all = counts.reduce((sum, { n }) => sum + n, 0);
  const errors = counts.reduce((sum, one) => sum + one.errors, 0);
  const late = counts.reduce((sum, one) => sum + one.late, 0);
  const sides = (n: number, sum: number, otherSum: number): Measure => ({
    kind: 'sides', n, sum, sumSquares: sum, otherN: all - n, otherSum, otherSquares: otherSum,
  });
  const rate = (hits: number): Measure => ({ kind: 'rate', hits, trials: all });
  const measures = counts.flatMap(({ name, n, errors: own, late: ownLate }) => [
    [`slow:${name}`, sides(n, ownLate, late - ownLate)],
    [`errors:${name}`, sides(n, own, errors - own)],
    [`rows:${name}`, sides(n, n, all - n)],
  ]);
  const performance = { ...NO_LABELS, labelled: all, correct: all - errors };
  return { ...EMPTY_PROFILE, predictions: all, performance, measures: { ...(Object.fromEntries(measures) as WindowProfile['measures']), 'calls:slow': rate(late), 'calls:failed': rate(drawn(all, failed)) } };
} // prettier-ignore

const HOURS = 28 * 24;
const usual = Array.from({ length: HOURS }, () => windowOf());
const whole = windowOf();
const baseline = { ...syntheticBaseline({}, usual, { rules: [...RULES, ...CALLS] }) };
baseline.reference = { ...baseline.reference, measures: whole.measures };
const model = syntheticModel();
const fitted = fitBaseline(model, baseline);

function judged(windows: readonly WindowProfile[]): (readonly CheckResult[])[] {
  let state: SeriesState | null = null;
  return windows.map((profile, i) => {
    const input = { model, baseline, fitted, profile, state, budget: FLEET_BUDGET };
    const checked = runChecks({ ...input, window: syntheticWindow(HOURS + i) });
    state = checked.state;
    return checked.results;
  });
}

const told = (results: readonly CheckResult[] | undefined) =>
  (results ?? []).filter(({ segment, state, explainedBy }) => segment && state === 'ALERT' && !explainedBy);

describe('segments', () => {
  it('that are as they were are no finding', () => {
    const quiet = judged(Array.from({ length: 200 }, () => windowOf()));
    expect(quiet.flatMap(told)).toEqual([]);
  });

  it('name where a change is that is nowhere else, and so does the model as a whole', () => {
    const found = judged([windowOf(), ...Array.from({ length: 8 }, () => windowOf({ web: 0.35 }))]).at(-1);
    expect(told(found).map(({ check, segment }) => [check, segment])).toEqual([
      ['segment_performance', 'channel=web'],
    ]);
    expect(told(found)[0]?.explanation).toMatch(
      /% of the answers are wrong, .* % in the reference; all others .* %, .* % in the reference; this part is 1\d % of the rows$/,
    );
    const all = found?.find(({ check, segment, state }) => check === 'concept_drift' && !segment && state === 'ALERT');
    expect(all?.explanation).toMatch(/; mostly in channel=web$/);
  }); // prettier-ignore

  it('are not listed where everybody is answered worse', () => {
    const worse = { web: 0.3, shop: 0.3, app: 0.3 };
    const found = judged([windowOf(), ...Array.from({ length: 10 }, () => windowOf(worse))]);
    expect(found.flatMap(told)).toEqual([]);
    const own = found.at(-1)?.filter(({ segment, state }) => segment && state === 'ALERT');
    expect(own?.map(({ explainedBy }) => explainedBy)).toContainEqual(['concept_drift']);
    // Nor as notices: what is judged of all rows tells it, in that window or in a later one.
    const lone = found.flat().filter(({ segment, state, explainedBy }) => segment && (state === 'ALERT' || state === 'NOTICE') && !explainedBy);
    expect(lone).toEqual([]);
  }); // prettier-ignore

  it('are notices where everybody is answered worse and nothing is judged of all rows', () => {
    const own = { check: 'segment_performance', feature: null, segment: 'channel=web', statistic: 'error_rate', value: 0.3, n: 100, state: 'ALERT', evidence: 2, effect: 20, since: null, explanation: 'worse' } as const;
    const { segment: _, ...whole } = own;
    const all = (state: CheckResult['state']): CheckResult => ({ ...whole, check: 'concept_drift', state });
    const profile = windowOf({ web: 0.3, shop: 0.3, app: 0.3 });
    const marked = (results: readonly CheckResult[]) => markSegments(results, { baseline, profile }).find(({ segment }) => segment);
    expect(marked([own])).toMatchObject({ state: 'NOTICE' });
    expect(marked([own])).not.toHaveProperty('explainedBy');
    expect(marked([all('LEARNING'), own])).not.toHaveProperty('explainedBy');
    expect(marked([all('OK'), own])).toMatchObject({ state: 'NOTICE', explainedBy: ['concept_drift'] });
    expect(marked([all('ALERT'), own])).toMatchObject({ state: 'ALERT', explainedBy: ['concept_drift'] });
    expect(marked([all('ALERT'), { ...own, state: 'NOTICE' }])).toMatchObject({ state: 'NOTICE', explainedBy: ['concept_drift'] });
  }); // prettier-ignore

  it('whose calls take longer are found as soon as the whole, and the finding of slow calls, not that of failed ones, names them', () => {
    const found = judged([windowOf(), ...Array.from({ length: 4 }, () => windowOf({}, {}, { web: 0.25 }, 0.08))]).at(-1);
    expect(told(found)).toMatchObject([{ check: 'segment_drift', segment: 'channel=web', statistic: 'slow_calls' }]);
    expect(told(found)[0]?.explanation).toMatch(/ % of the calls took longer than 250 ms, .* % in the reference; all others .* %, .* % in the reference; this part is 1\d % of the rows$/);
    expect(told(found)[0]?.effect).toBeGreaterThan(12);
    const whole = (statistic: string) => found?.find((one) => one.check === 'service' && one.statistic === statistic && one.state === 'ALERT');
    expect(whole('slow_calls')?.explanation).toMatch(/; mostly in channel=web$/);
    expect(whole('failures')?.explanation).not.toContain('mostly in');
    const all = judged([windowOf(), ...Array.from({ length: 6 }, () => windowOf({}, {}, { web: 0.3, shop: 0.3, app: 0.3 }))]);
    expect(all.flatMap(told)).toEqual([]);
    expect(all.at(-1)?.filter(({ segment, state }) => segment && state === 'ALERT').map(({ explainedBy }) => explainedBy)).toContainEqual(['service']);
  }); // prettier-ignore

  it('name nothing of everybody by a small one that differs by chance, and are named where they are most of it', () => {
    const alerting = { check: 'concept_drift', feature: null, statistic: 'error_rate', value: 0.3, n: 500, state: 'ALERT', evidence: 2, effect: 20, since: null, explanation: 'worse' } as const;
    const own = { ...alerting, check: 'segment_performance', segment: 'channel=web' } as const;
    const sides = (n: number, sum: number, otherN: number, otherSum: number): Measure => ({ kind: 'sides', n, sum, sumSquares: sum, otherN, otherSum, otherSquares: otherSum });
    const before = { ...baseline, reference: { ...baseline.reference, measures: { 'errors:web': sides(5000, 500, 45_000, 4500) } } };
    const said = (now: Measure) => {
      const profile = { ...whole, measures: { 'errors:web': now } };
      return markSegments([alerting, own], { baseline: before, profile })[0]?.explanation;
    };
    // a tenth of the rows: 26 of 40 wrong beside 30 % of all others, and 26 of 40 beside others as they were
    expect(said(sides(40, 26, 360, 108))).toBe('worse');
    expect(said(sides(40, 26, 360, 36))).toBe('worse; mostly in channel=web');
  }); // prettier-ignore

  it('of a dozen rows each follow from a change of everybody, and not where it is theirs alone', () => {
    const few: By = { web: 18, shop: 18, app: 18 };
    const alone = (wrong: By) => {
      const windows = Array.from({ length: 200 }, () => windowOf(wrong, few));
      const own = judged([windowOf(), ...windows]).flatMap((results) =>
        results.filter(({ check, segment, state }) => check === 'segment_performance' && segment === 'channel=web' && state === 'ALERT'),
      );
      return own.filter(({ explainedBy }) => !explainedBy).length / own.length;
    };
    expect(alone({ web: 0.35, shop: 0.35, app: 0.35 })).toBeLessThan(0.2);
    expect(alone({ web: 0.4 })).toBeGreaterThan(0.8);
  }); // prettier-ignore

  it('that stop, while the others go on, are told with what was expected', () => {
    const found = judged([windowOf(), windowOf({}, { shop: 0 }), windowOf({}, { shop: 0 })]).at(-1);
    expect(told(found)).toMatchObject([{ segment: 'channel=shop', statistic: 'predictions', value: 0 }]);
    expect(told(found)[0]?.explanation).toMatch(/^0 predictions, 1\d\d expected at this time$/);
  });
});

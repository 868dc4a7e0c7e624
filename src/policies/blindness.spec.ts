import { describe, expect, it } from 'vitest';
import { judge, MODEL, policies, result, rule, window } from '../../test/support/policies.js';
import type { CheckResult } from '../domain/check-result.js';
import { evaluatePolicies } from './evaluate.js';
import type { PolicyState } from './policy-state.js';

describe('blindness', () => {
  const laws = policies(
    rule('when: state == "ALERT", levels: [{ severity: warning }], channels: [a], blind: { windows: 3 }'),
  );
  const unknown = (more: Partial<CheckResult> = {}) =>
    result({ value: null, state: 'INDETERMINATE', ...more });
  const run = (windows: readonly (readonly CheckResult[])[]) =>
    judge(laws, windows).map(({ verdicts }) =>
      verdicts.flatMap(({ signal, outcome, severity, summary }) =>
        signal.check === 'monitoring' ? [{ feature: signal.feature, outcome, severity, summary }] : [],
      ),
    );
  const both = [
    unknown({ feature: 'age' }),
    unknown({ feature: 'income' }),
    unknown({ check: 'null_rate', feature: 'age' }),
  ];

  it('G-09: is told once for a whole model, and is over when every signal has answers', () => {
    const answers = both.map((one) => ({ ...one, value: 0, state: 'OK' as const }));
    const told = run([both, both, both, both, answers, answers, answers, answers]);
    expect(told.slice(0, 2)).toEqual([[], []]);
    expect(told[2]).toMatchObject([{ feature: null, outcome: 'breach', severity: 'warning' }]);
    expect(told[2]?.[0]?.summary).toMatch(
      /^no answer for 3 windows about feature drift of age, .*: the monitor is blind there$/,
    );
    expect(told.slice(4).map((one) => one.map(({ outcome }) => outcome))).toEqual([
      ['clear'],
      ['clear'],
      ['clear'],
      [],
    ]);
  });

  it('is not told beside what explains it: a silence, a lack of rows, a window without any', () => {
    const causes = [
      result({ check: 'freshness', feature: null, state: 'ALERT' }),
      result({ check: 'volume', feature: null, state: 'ALERT' }),
      result({ check: 'volume', feature: null, state: 'OK', n: 0 }),
    ];
    for (const cause of causes)
      expect(run(Array.from({ length: 9 }, () => [...both, cause])).flat()).toEqual([]);
    const nulls = result({ check: 'null_rate', feature: 'age', state: 'ALERT' });
    const age = [unknown({ feature: 'age' }), nulls];
    expect(run(Array.from({ length: 9 }, () => age)).flat()).toEqual([]);
  });

  it('of labels is none in windows that have no predictions, and began with the first that had', () => {
    const labels = unknown({ check: 'concept_drift', feature: null });
    let state: PolicyState | null = null;
    const told = [0, 0, 0, 0, 9, 9, 9].map((predictions, i) => {
      const about = { model: MODEL, window: window(i + 1), results: [labels], state, predictions };
      const { verdicts, state: after } = evaluatePolicies(laws, about);
      state = after;
      return verdicts.flatMap(({ outcome, since }) => (outcome === 'breach' ? [since] : []));
    });
    expect(told).toEqual([[], [], [], [], [], [], [window(5).from]]);
  });

  it('of what only informs is none, unless a rule names it', () => {
    const informing = [
      unknown({ statistic: 'psi' }),
      unknown({ check: 'performance', feature: null, statistic: 'precision' }),
    ];
    expect(run(Array.from({ length: 9 }, () => informing)).flat()).toEqual([]);
    const named = policies(
      rule('statistics: [psi], when: value > 0.2, levels: [{ severity: warning }], blind: { windows: 2 }'),
    );
    const [, told] = judge(named, [informing, informing]);
    expect(told?.verdicts[0]).toMatchObject({ signal: { check: 'monitoring' }, outcome: 'breach' });
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge, policies, result, rule } from '../../test/support/policies.js';
import { CHECK_STATES, type CheckResult } from '../domain/check-result.js';
import { SEVERITIES } from '../domain/incident.js';
import { unjudgedText } from '../domain/unjudged-number.js';

/** One letter a window: B breach, e elevated, c clear, h hold, - nothing said. */
function outcomes(law: string, values: readonly (number | null | Partial<CheckResult>)[]): string {
  const windows = values.map((value) => [
    typeof value === 'number'
      ? result({ value })
      : value === null
        ? result({ state: 'INDETERMINATE', value: null })
        : result(value),
  ]);
  const letters = { breach: 'B', elevated: 'e', clear: 'c', hold: 'h' };
  return judge(policies(law), windows)
    .map(({ verdicts }) => (verdicts[0] ? letters[verdicts[0].outcome] : '-'))
    .join('');
}

describe('values of one statistic, window by window → B breach, e elevated, c clear, h hold', () => {
  const two = 'when: value > 0.2, levels: [{ severity: critical, for: { windows: 2 } }]';
  const rows: readonly (readonly [
    string,
    string,
    readonly (number | null | Partial<CheckResult>)[],
    string,
  ])[] = [
    ['at once', rule('when: value > 0.2, levels: [{ severity: warning }]'), [0.1, 0.3, 0.2, 0.1], 'cBcc'],
    ['twice in a row', rule(two), [0.3, 0.3, 0.3, 0.1, 0.3, 0.1, 0.3, 0.3], 'eBBceceB'],
    ['a gap holds the count', rule(two), [0.3, null, 0.3], 'ehB'],
    [
      'a gap resets the count',
      rule(two.replace('windows: 2', 'windows: 2, gaps: reset')),
      [0.3, null, 0.3, 0.3],
      'eheB',
    ],
    [
      'two of three',
      rule(two.replace('windows: 2', 'windows: 2, of: 3')),
      [0.3, 0.1, 0.3, 0.1, 0.1, 0.3, 0.3],
      'ecBcceB',
    ],
    [
      'two of three, with gaps between',
      rule(two.replace('windows: 2', 'windows: 2, of: 3')),
      [0.3, null, 0.1, null, 0.3],
      'ehchB',
    ],
    [
      'hysteresis',
      rule('when: value > 0.2, levels: [{ severity: warning }], clear: { when: value < 0.1 }'),
      [0.3, 0.15, 0.05, 0.15],
      'Bece',
    ],
    [
      'what can have no value is no blindness and no recovery',
      rule('when: value > 0.2, levels: [{ severity: warning }], blind: { windows: 2 }'),
      [0.3, ...Array<Partial<CheckResult>>(5).fill({ state: 'NOT_APPLICABLE', value: null }), 0.1],
      'Bhhhhhc',
    ],
    [
      'learning says nothing',
      rule('when: value > 0.2, levels: [{ severity: warning }]'),
      [{ state: 'LEARNING', value: 0.9 }],
      'h',
    ],
    [
      'too few rows say nothing',
      rule('when: value > 0.2, minRows: 500, levels: [{ severity: warning }]'),
      [
        { n: 499, value: 0.9 },
        { n: 500, value: 0.9 },
      ],
      'hB',
    ],
    [
      'NaN is not fine',
      rule('when: value > 0.2, levels: [{ severity: warning }]'),
      [Number.NaN, null, { value: null }],
      'hhh',
    ],
    [
      'nothing is clear while a level cannot be computed',
      rule(
        'levels: [{ severity: warning, when: value > 0.2 }, { severity: critical, when: abs(effect) > 1.0 }]',
      ),
      [{ value: 0.1, effect: 0.1 }, { value: 0.1 }, { value: 0.3 }],
      'chB',
    ],
    [
      'infinity is large',
      rule('when: value > 0.2, levels: [{ severity: warning }]'),
      [Number.POSITIVE_INFINITY],
      'B',
    ],
    [
      'a fact that is missing does not hide one that is there',
      rule('when: state == "ALERT" || value > 0.2, levels: [{ severity: warning }]'),
      [{ state: 'ALERT', value: null }],
      'B',
    ],
    [
      'blind after three',
      rule('when: value > 0.2, levels: [{ severity: warning }], blind: { windows: 3 }'),
      [null, null, 0.1, null, null, null, null, 0.1],
      'hhchhBBc',
    ],
    [
      'too few rows are not blindness',
      rule('when: value > 0.2, levels: [{ severity: warning }], blind: { windows: 2 }'),
      [{ state: 'INSUFFICIENT' }, { state: 'INSUFFICIENT' }],
      'hh',
    ],
    [
      'unless the rule says so',
      rule(
        'when: value > 0.2, levels: [{ severity: warning }], blind: { windows: 2, states: [INSUFFICIENT] }',
      ),
      [{ state: 'INSUFFICIENT' }, { state: 'INSUFFICIENT' }],
      'hB',
    ],
    [
      'hold instead of alert',
      rule(
        'when: value > 0.2, levels: [{ severity: warning }], blind: { windows: 1 }',
        ', onIndeterminate: hold',
      ),
      [null, null],
      'hh',
    ],
    [
      'another feature',
      rule('features: [income], when: value > 0.2, levels: [{ severity: warning }]'),
      [0.9],
      '-',
    ],
    [
      'features by beginning',
      rule('features: ["a*"], when: value > 0.2, levels: [{ severity: warning }]'),
      [0.9],
      'B',
    ],
    [
      'another check',
      rule('checks: [volume], when: value > 0.2, levels: [{ severity: warning }]'),
      [0.9],
      '-',
    ],
    [
      'another statistic',
      rule('statistics: [shape], when: value > 0.2, levels: [{ severity: warning }]'),
      [0.9],
      '-',
    ],
    [
      'another model',
      rule('when: value > 0.2, levels: [{ severity: warning }]', ', appliesTo: model.key == "other"'),
      [0.9],
      '-',
    ],
    [
      'this model',
      rule('when: value > 0.2, levels: [{ severity: warning }]', ', appliesTo: model.riskTier == "HIGH"'),
      [0.9],
      'B',
    ],
    [
      'importance',
      rule('when: value > 0.2 && importance >= 0.5, levels: [{ severity: warning }]'),
      [0.9],
      'B',
    ],
    [
      'importance nobody gave',
      rule('when: value > 0.2 && importance >= 0.5, levels: [{ severity: warning }]'),
      [{ feature: 'income', value: 0.9 }],
      'h',
    ],
  ];
  it.each(rows)('G-12: %s', (_name, law, values, expected) => {
    expect(outcomes(law, values)).toBe(expected);
  });
});

describe('several rules on one signal', () => {
  const ladder = rule(`when: value > 0.1, channels: [a], levels:
      [{ severity: warning }, { severity: critical, when: value > 0.3, retrain: true, channels: [b] }]`);

  it('the most severe level wins, whatever its place in the file', () => {
    const [low, high] = judge(policies(ladder), [[result({ value: 0.2 })], [result({ value: 0.4 })]]);
    expect(low?.verdicts).toMatchObject([{ severity: 'warning', retrain: false, channels: ['a'] }]);
    expect(high?.verdicts).toMatchObject([{ severity: 'critical', retrain: true, channels: ['b'] }]);
  });

  it('the most severe policy names the verdict, every breached one its channels; there is one verdict', () => {
    const other = rule('when: value > 0.1, channels: [c], levels: [{ severity: info }]');
    const [output] = judge(policies(other, ladder), [[result({ value: 0.4 })]]);
    expect(output?.verdicts).toMatchObject([
      { policy: { id: 'p1', version: 2, rule: 'r' }, severity: 'critical', channels: ['b', 'c'] },
    ]);
  });

  it('what a detector finds is heard by the rule that asks for it alone', () => {
    const others = rule('when: state == "ALERT", levels: [{ severity: critical }]');
    const asking = rule('detector: { kind: ddm, driftLevel: 4 }, levels: [{ severity: warning }]');
    const found = result({
      check: 'concept_drift',
      feature: null,
      statistic: 'ddm(driftLevel=4)',
      state: 'ALERT',
    });
    const other = { ...found, statistic: 'ddm' };
    const [output] = judge(policies(others, asking), [[found, other]]);
    expect(output?.verdicts).toMatchObject([
      { policy: { id: 'p1' }, severity: 'warning', statistic: found.statistic },
    ]);
    expect(judge(policies(others), [[found, other]])[0]?.verdicts).toEqual([]);
  });

  it('statistics of one feature are one signal; the worst speaks', () => {
    const [output] = judge(policies(ladder), [
      [result({ value: 0.2, statistic: 'location' }), result({ value: 0.5, statistic: 'shape' })],
    ]);
    expect(output?.verdicts).toMatchObject([{ statistic: 'shape', value: 0.5 }]);
  });

  it('`warn` caps the severity and never retrains; `dryrun` acts on nothing and tells what it would have done', () => {
    const run = (mode: string) =>
      judge(policies(ladder.replace(/ }$/, `, enforcement: ${mode} }`)), [[result({ value: 0.4 })]])[0];
    expect(run('warn')).toMatchObject({ verdicts: [{ severity: 'warning', retrain: false }], dryRun: [] });
    expect(run('dryrun')).toMatchObject({ verdicts: [], dryRun: [{ severity: 'critical' }] });
  });
});

describe('missing is never over', () => {
  const laws = policies(
    rule(
      'when: value > 0.2, levels: [{ severity: warning }], clear: { for: { windows: 2 } }, blind: { windows: 4 }',
    ),
  );
  const breach = [result({ value: 0.5 })];

  it('a signal that breached and is then absent holds, and is blindness in time', () => {
    const told = judge(laws, [breach, [], [], [], []]).map(({ verdicts }) =>
      verdicts.map((one) => one.outcome),
    );
    expect(told).toEqual([['breach'], ['hold'], ['hold'], ['hold'], ['breach', 'hold']]);
  });

  it('another statistic that is fine does not clear the one that breached and cannot be computed', () => {
    const fine = result({ statistic: 'shape' });
    const unknown = result({ value: null, state: 'INDETERMINATE' });
    const told = judge(laws, [
      [...breach, fine],
      [unknown, fine],
      [result(), fine],
    ]);
    expect(told.map(({ verdicts }) => verdicts[0]?.outcome)).toEqual(['breach', 'hold', 'clear']);
  });

  it('a statistic that never breached need not be computed for the others to clear', () => {
    const learning = result({ statistic: 'shape', state: 'LEARNING' });
    const told = judge(laws, [
      [...breach, learning],
      [result(), learning],
    ]);
    expect(told.map(({ verdicts }) => verdicts[0]?.outcome)).toEqual(['breach', 'clear']);
  });

  it('says how many clear windows end it', () => {
    const told = judge(laws, [breach, [result()], [result()]]);
    expect(told.map(({ verdicts }) => verdicts[0]?.clearAfter)).toEqual([2, 2, 2]);
  });
});

it('the verdict names its law, its evidence and its reason', () => {
  const since = new Date('2026-11-20T00:00:00Z');
  const [law] = policies(rule('when: state == "ALERT", levels: [{ severity: warning }]'));
  const [output] = judge(
    [law!],
    [[result({ state: 'ALERT', effect: 0.7, evidence: 1.4, since, explanation: 'mean up by 0.7' })]],
  );
  expect(output?.verdicts[0]).toEqual({
    signal: { model: 'credit', version: '1', check: 'feature_drift', segment: '', feature: 'age' },
    outcome: 'breach',
    severity: 'warning',
    state: 'ALERT',
    policy: { id: 'p0', version: 1, hash: law?.hash, rule: 'r' },
    statistic: 'location',
    value: 0.01,
    effect: 0.7,
    effects: { location: 0.7 },
    since,
    n: 1000,
    summary: 'feature drift of age: mean up by 0.7',
    channels: [],
    retrain: false,
    clearAfter: 3,
  });
});

it('a quiet series leaves nothing to remember', () => {
  const laws = policies(
    rule(
      'when: value > 0.2, levels: [{ severity: critical, for: { windows: 3, of: 5 } }], clear: { for: { windows: 2 } }',
    ),
  );
  const noisy = [0.3, 0.3, 0.3].map((value) => [result({ value })]);
  const quiet = [1, 2, 3, 4, 5, 6].map(() => [result()]);
  const states = judge(laws, [...noisy, ...quiet]).map(({ state }) => Object.keys(state.signals).length);
  expect([states[2], states.at(-1)]).toEqual([1, 0]);
});

describe('for any results', () => {
  const anyResult = fc.record({
    check: fc.constantFrom<CheckResult['check']>('feature_drift', 'null_rate', 'concept_drift'),
    feature: fc.constantFrom('age', 'income', null),
    statistic: fc.constantFrom('location', 'scale'),
    value: fc.option(fc.double()),
    n: fc.nat(),
    state: fc.constantFrom(...CHECK_STATES),
    evidence: fc.option(fc.double()),
    effect: fc.option(fc.double()),
    since: fc.constant(null),
    explanation: fc.constant(null),
  });
  const windows = fc.array(
    fc.uniqueArray(anyResult, {
      selector: (one) => `${one.check}/${one.feature}/${one.statistic}`,
      maxLength: 8,
    }),
    { maxLength: 12 },
  );
  const laws = policies(
    rule(
      'when: state == "ALERT", levels: [{ severity: warning }, { severity: critical, when: abs(effect) > 1.0, for: { windows: 2, of: 3 } }]',
    ),
    rule(
      'when: value > 0.2, levels: [{ severity: info }], clear: { when: value < 0.1 }, blind: { windows: 2 }',
    ),
  );

  it('each signal gets one verdict, the same for any order of the results, and uncomputed ones never clear', () => {
    fc.assert(
      fc.property(windows, (all) => {
        const told = judge(laws, all);
        const turned = judge(
          laws,
          all.map((one) => one.toReversed()),
        );
        told.forEach(({ verdicts }, i) => {
          const names = verdicts.map(({ signal }) => `${signal.check}/${signal.feature}`);
          expect(new Set(names).size).toBe(names.length);
          const brief = (some: typeof verdicts) =>
            new Map(
              some.map((one) => [`${one.signal.check}/${one.signal.feature}`, [one.outcome, one.severity]]),
            );
          expect(brief(turned[i]!.verdicts)).toEqual(brief(verdicts));
          for (const { signal, outcome, severity } of verdicts) {
            const seen = all[i]!.filter(
              (one) =>
                signal.check === 'monitoring' ||
                (one.check === signal.check && one.feature === signal.feature),
            );
            if (seen.every(({ state }) => state !== 'OK' && state !== 'NOTICE' && state !== 'ALERT'))
              expect(outcome).not.toBe('clear');
            if (signal.check !== 'monitoring' && seen.some(({ state }) => state === 'ALERT'))
              expect(SEVERITIES.indexOf(severity)).toBeGreaterThanOrEqual(1);
          }
        });
      }),
    );
  });
});

describe('what many features show together', () => {
  const laws = policies(
    rule('checks: [multivariate], when: "state == \'ALERT\'", levels: [{ severity: warning }]'),
  );
  const together = (statistic: string, evidence: number, explainedBy?: readonly string[]) =>
    result({
      check: 'multivariate',
      feature: null,
      statistic,
      state: 'ALERT',
      evidence,
      ...(explainedBy ? { explainedBy } : {}),
    });

  it('follows from the features that explain all of it', () => {
    const [output] = judge(laws, [[together('a', 2, ['x']), together('b', 1, ['y', 'x'])]]);
    expect(output?.verdicts).toMatchObject([{ statistic: 'a', explainedBy: ['x', 'y'] }]);
  });

  it('stands by itself, and leads with that, where anything of it is not explained', () => {
    const [output] = judge(laws, [[together('a', 9, ['x']), together('b', 1)]]);
    expect(output?.verdicts).toMatchObject([{ statistic: 'b' }]);
    expect(output?.verdicts[0]).not.toHaveProperty('explainedBy');
  });
});

it('what fails and what is slow are both said', () => {
  const service = (statistic: string, explanation: string, evidence: number) =>
    result({ check: 'service', feature: null, statistic, state: 'ALERT', evidence, effect: 10, explanation });
  const both = [service('error_rate', '12 % failed', 9), service('slow_share', '51 % were slow', 5)];
  const [output] = judge(policies(rule('when: state == "ALERT", levels: [{ severity: warning }]')), [both]);
  expect(output?.verdicts[0]?.summary).toBe('service: 12 % failed; also 51 % were slow');
  // A number is said once, with all that it is held against.
  const held = [
    service('failures', '12 % failed; 1 % in the reference', 9),
    service('slow_calls', '51 % were slow; 5 % in the reference', 5),
    service('error_rate_target', '12 % failed; the target allows 2 %', 0),
    service('latency_p95_target', '51 % were slow; the target allows 5 %', 0),
  ];
  const [said] = judge(policies(rule('when: state == "ALERT", levels: [{ severity: warning }]')), [held]);
  expect(said?.verdicts[0]?.summary).toBe(
    'service: 12 % failed; 1 % in the reference; the target allows 2 %; also 51 % were slow; 5 % in the reference; the target allows 5 %',
  );
});

it('a number that nobody else judges is judged by the rule that names it, and told in its own words', () => {
  const f1 = (value: number, own: string | null) =>
    result({ check: 'performance', feature: null, statistic: 'f1', state: 'NOT_JUDGED', value, explanation: unjudgedText(own, ['error rate']) });
  const law = policies(rule('checks: [performance], statistics: [f1], when: value < 0.5, levels: [{ severity: warning }]'));
  const [bare, worded, fine] = judge(law, [[f1(0.25, null)], [f1(0.25, 'lower than ever')], [f1(0.75, null)]]);
  expect(bare?.verdicts[0]).toMatchObject({ outcome: 'breach', summary: 'performance: f1 0.25, 1\u202f000 rows' });
  expect(worded?.verdicts[0]?.summary).toBe('performance: lower than ever');
  expect(fine?.verdicts[0]?.outcome).toBe('clear');
}); // prettier-ignore

it('a verdict has what its result is read as where it says so, and nothing of it once that is over', () => {
  const readAs = [{ kind: 'converted', change: '× 100', factor: 100, units: null }] as const;
  const law = policies(rule('when: value > 0.2, levels: [{ severity: warning }]'));
  const [found, over] = judge(law, [[result({ value: 0.3, readAs })], [result({ value: 0.1, readAs })]]);
  expect(found?.verdicts[0]).toMatchObject({ outcome: 'breach', readAs });
  expect(over?.verdicts[0]?.outcome).toBe('clear');
  expect(over?.verdicts[0]).not.toHaveProperty('readAs');
});

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadPolicies } from './load.js';
import { PolicyError } from './policy-error.js';

const shipped = new URL('../../policies/', import.meta.url);
const files = readdirSync(shipped)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({
    name,
    text: readFileSync(new URL(name, shipped), 'utf8'),
  }));

const policy = (rule: string, extra = ''): string => `apiVersion: tidewatch/v1
kind: Policy
metadata: { id: tested, owner: me, version: 1 }
spec:
  rules:
    - ${rule}
${extra}`;

function problemsOf(text: string): readonly string[] {
  try {
    loadPolicies([{ name: 'p.yaml', text }]);
    return [];
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return error.places.map((problem) => `${problem.line}: ${problem.message}`);
  }
}

describe('the policies that ship', () => {
  it('load, with their own tests passing', () => {
    expect(loadPolicies(files).policies.map((one) => one.id)).toEqual(['default', 'high-risk']);
  });

  it('keep their name when only the layout changes, and lose it with any change of content', () => {
    const [first] = loadPolicies([
      { name: 'a', text: policy('{ id: r, when: value > 0.1, levels: [{ severity: info }] }') },
    ]).policies;
    const [laidOut] = loadPolicies([
      { name: 'b', text: policy('{ levels: [{ severity: info }], id: r, when: "value > 0.1" } # same') },
    ]).policies;
    const [other] = loadPolicies([
      { name: 'c', text: policy('{ id: r, when: value > 0.2, levels: [{ severity: info }] }') },
    ]).policies;
    expect(laidOut?.hash).toBe(first?.hash);
    expect(other?.hash).not.toBe(first?.hash);
  });
});

describe('a policy is refused, by line, for', () => {
  const level = 'levels: [{ severity: warning }]';
  const cases: readonly (readonly [string, string, RegExp])[] = [
    [
      'a detector nobody has',
      policy(`{ id: r, detector: eddm, ${level} }`),
      /^6: .*one of adwin, ddm, hddm_a, hddm_w, page_hinkley, e_detector/,
    ],
    [
      'a setting it does not have',
      policy(`{ id: r, detector: { kind: ddm, delta: 1 }, ${level} }`),
      /^6: .*"delta"/,
    ],
    [
      'a setting beyond its range',
      policy(`{ id: r, detector: { kind: adwin, delta: 2 }, ${level} }`),
      /^6: .*detector.delta: write less than 1, not 2/,
    ],
    [
      'a detector on another check',
      policy(`{ id: r, detector: adwin, checks: [feature_drift], ${level} }`),
      /^6: .*concept_drift/,
    ],
    ['a misspelt fact', policy(`{ id: r, when: valeu > 0.1, ${level} }`), /^6: .*Unknown variable: valeu/],
    [
      'a misspelt model field',
      policy(`{ id: r, when: model.riskTeir == "HIGH", ${level} }`),
      /^6: .*riskTeir/,
    ],
    [
      'a comparison of types that do not compare',
      policy(`{ id: r, when: value > "high", ${level} }`),
      /^6: .*double > string/,
    ],
    [
      'a condition that is no condition',
      policy(`{ id: r, when: value + 1.0, ${level} }`),
      /^6: .*is a double/,
    ],
    [
      'matches()',
      policy(`{ id: r, when: 'feature.matches("(a+)+$")', ${level} }`),
      /^6: .*matches\(\) is not allowed/,
    ],
    [
      'a loop',
      policy(`{ id: r, when: '[1, 2].exists(x, x > 1)', ${level} }`),
      /^6: .*exists\(\) is not allowed/,
    ],
    [
      'equality of measured numbers',
      policy(`{ id: r, when: value == 0.5, ${level} }`),
      /^6: .*measured number/,
    ],
    [
      'a result fact where only the model is known',
      policy(`{ id: r, when: value > 0.1, ${level} }`, '  appliesTo: value > 1.0'),
      /^7: .*value/,
    ],
    [
      'an unknown check',
      policy(`{ id: r, checks: [feature_drfit], when: value > 0.1, ${level} }`),
      /^6: .*checks/,
    ],
    ['an unknown key', policy(`{ id: r, whn: value > 0.1, when: value > 0.1, ${level} }`), /^6: .*whn/],
    ['no condition at all', policy(`{ id: r, ${level} }`), /^6: .*when/],
    [
      'two rules of one name',
      policy(`{ id: r, when: n > 1, ${level} }\n    - { id: r, when: n > 1, ${level} }`),
      /^7: two rules/,
    ],
    ['a key twice', policy(`{ id: r, id: s, when: n > 1, ${level} }`), /^6: /],
    ['an anchor', policy(`&a { id: r, when: n > 1, ${level} }`), /^6: an anchor/],
    ['an alias', `x: &a 1\ny: *a`, /^1: an anchor/],
    ['a tag', policy(`{ id: !!js/regexp r, when: n > 1, ${level} }`), /^6: /],
    ['two documents', `${policy(`{ id: r, when: n > 1, ${level} }`)}\n---\n{}`, /more than one document/],
    ['size', '#'.repeat(300_000), /characters long/],
    ['nothing in it', '', /^1: /],
    [
      'a test of its own that fails',
      policy(
        `{ id: r, when: value > 0.1, ${level} }`,
        '  tests:\n    - { name: t, given: { check: volume, windows: [0.2] }, expect: { severity: none } }',
      ),
      /^8: test "t" fails: severity is warning/,
    ],
  ];
  it.each(cases)('%s', (_name, text, message) => {
    expect(problemsOf(text).join('\n')).toMatch(message);
  });

  it('an alias bomb, without expanding it', () => {
    const rows = Array.from(
      { length: 30 },
      (_, i) => `k${i}: &k${i} [${i === 0 ? '1' : `*k${i - 1}, *k${i - 1}`}]`,
    );
    expect(problemsOf(rows.join('\n')).length).toBeGreaterThan(30);
  });

  it('two policies of one id; everything is listed at once', () => {
    const good = policy(`{ id: r, when: n > 1, ${level} }`);
    const bad = policy(`{ id: r, when: valeu > 1.0, clear: { when: nope }, ${level} }`);
    const files = [good, good, bad].map((text, i) => ({ name: `${i}.yaml`, text }));
    expect(() => loadPolicies(files)).toThrow(
      /^4 problems[^]*2\.yaml:6: [^]*valeu[^]*2\.yaml:6: [^]*nope[^]*1\.yaml:1: the policy id tested/,
    );
  });
});

import { describe, expect, it } from 'vitest';
import { ModelFileError, parseModelFile } from './model-file.js';

const CONTRACT = `
key: credit-default
task: binary            # binary | multiclass | regression
positive: bad
owner: risk-team
window: 1h
timezone: Europe/Berlin
features:
  age: { type: numeric, unit: years }
  region: { type: categorical }
segments: [channel]
labels: { expectedWithin: 30d }
risk: { impact: high, frequency: high }
baseline: { file: reference.parquet }
`;

function problems(text: string): readonly string[] {
  try {
    parseModelFile('models/m.yaml', text);
  } catch (error) {
    if (error instanceof ModelFileError) return error.problems;
    throw error;
  }
  return [];
}

it('reads the file of the contract', () => {
  expect(parseModelFile('models/credit.yaml', CONTRACT)).toMatchObject({
    key: 'credit-default',
    window: 3_600_000,
    labels: { expectedWithin: 30 * 86_400_000 },
    features: { age: { type: 'numeric', unit: 'years' } },
    baseline: { file: 'reference.parquet' },
    accepts: { past: 90 * 86_400_000, future: 3_600_000 },
  });
});

it('needs no more than key and task', () => {
  expect(parseModelFile('m.yaml', 'key: m\ntask: regression')).toMatchObject({
    owner: 'unowned',
    timezone: 'UTC',
  });
});

it('takes the dates of a period as YAML writes them', () => {
  const model = parseModelFile(
    'm.yaml',
    'key: m\ntask: regression\nbaseline: { since: 2026-01-01, until: 2026-02-01 }',
  );
  expect(model.baseline).toEqual({ since: new Date('2026-01-01'), until: new Date('2026-02-01') });
});

describe('says what is wrong', () => {
  it('all at once, by field, with what was found', () => {
    const found = problems(
      'key: "a b"\ntask: ranking\nwindow: 90\ntimezone: Mars/Base\nfeatures: { age: { type: number } }\nownr: me',
    );
    expect(found.join('\n')).toMatch(/key: .*\(found "a b"\)/);
    expect(found.join('\n')).toMatch(/task: .*binary.*\(found "ranking"\)/);
    expect(found.join('\n')).toMatch(/window: write a duration such as 15m, 1h or 30d, not 90/);
    expect(found.join('\n')).toMatch(/features\.age\.type: .*\(found "number"\)/);
    expect(found.join('\n')).toMatch(
      /"ownr" is not a known field; did you mean owner\?; there are key, task/,
    );
    expect(found.join('\n')).toMatch(/timezone: not an IANA time zone/);
    expect(found).toHaveLength(6);
  });

  it('in words that a person can use, whatever stands there', () => {
    const nasty = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf', ''];
    const texts = nasty.flatMap((name) => [`${name}: 1`, `features: { a: { "${name}": 1 } }`, `baseline: { "${name}": 1 }`, `features: { "${name}": { type: numeric } }`, `risk: { "${name}": 1 }`]);
    const more = ['features: *x', `features: ${'['.repeat(4_000)}`, '---\nkey: b', 'baseline: { since: 2026-03-01, until: 2026-01-01 }'];
    for (const text of [...texts, ...more]) {
      try {
        parseModelFile('m.yaml', `key: a\ntask: regression\n${text}`);
      } catch (error) {
        expect(error, text).toBeInstanceOf(ModelFileError);
        expect(String(error)).not.toMatch(/call stack|parseAllDocuments|is not a function|undefined/u);
      }
    }
    const said = (text: string) => problems(`key: a\ntask: regression\n${text}`).join();
    expect(said('__proto__: 1')).toBe('__proto__ is no name that can be used: choose another');
    expect(said('features: { __proto__: { type: numeric } }')).toBe('features.__proto__ is no name that can be used: choose another');
    expect(said('---\nkey: b')).toMatch(/a second document begins \(---\): write one model a file/u);
    expect(said(`features: ${'['.repeat(4_000)}`)).toMatch(/it is nested too deep/u);
    expect(said('features: *x')).toMatch(/stand for nothing that was named before/u);
    expect(said('baseline: { since: 2026-03-01, until: 2026-01-01 }')).toMatch(/baseline\.until: must be after since/u);
  }); // prettier-ignore

  it('of aliases that would grow beyond measure', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`);
    expect(() => parseModelFile('m.yaml', ['l0: &l0 [x]', ...levels].join('\n'))).toThrow(
      'm.yaml: its aliases (`*name`) stand for nothing that was named before, or repeat too much: write out what they stand for',
    );
  }); // prettier-ignore

  it('with the file in every line of the message', () => {
    expect(() => parseModelFile('models/m.yaml', 'task: x\nkey: y z')).toThrow(
      /^models\/m\.yaml: .*\nmodels\/m\.yaml: /,
    );
  });

  it.each([
    ['a missing field', 'task: regression', /^key is missing/],
    [
      'classes of a regression',
      'key: m\ntask: regression\nclasses: [a, b]',
      /^classes: a regression has no classes/,
    ],
    ['a class twice', 'key: m\ntask: multiclass\nclasses: [a, a]', /^classes: lists a class twice/],
    [
      'a positive that is no class',
      'key: m\ntask: binary\npositive: bad\nclasses: [good, poor]',
      /^positive: is none of `classes`.*found "bad"/,
    ],
    [
      'a favourable label that is no class',
      'key: m\ntask: multiclass\nfavourable: yes\nclasses: [up, down]',
      /^favourable: is none of `classes`/,
    ],
    [
      'a binary model without its positive label',
      'key: m\ntask: binary',
      /^positive is missing: a binary model names/,
    ],
    ['a baseline that is none', 'key: m\ntask: regression\nbaseline: { days: 3 }', /^baseline: write one of/],
    [
      'a duration that is none',
      'key: m\ntask: regression\nlateness: soon',
      /^lateness: "soon" is not a duration: write [^(]*$/m,
    ],
    [
      'an unknown field inside',
      'key: m\ntask: regression\nrisk: { impct: low }',
      /^risk: "impct" is not a known field; did you mean impact\?/,
    ],
    [
      'two unknown fields inside',
      'key: m\ntask: regression\nrisk: { impct: low, zeal: 1 }',
      /^risk: "impct", "zeal" are not known fields; did you mean impact\?; there are impact/,
    ],
    [
      'a text where fields are wanted',
      'key: m\ntask: regression\nfeatures: age',
      /^features: write fields, `name: value`, not a text \(found "age"\)$/,
    ],
    ['a number that is no choice', 'key: m\ntask: 3', /task: write .*regression \(found 3\)$/],
    [
      'an unknown field of a reference file',
      'key: m\ntask: regression\nbaseline: { file: r.csv, timezon: Europe/Berlin }',
      /^baseline: "timezon" is not a known field; did you mean timezone\?; there are file, timestamp, columns, timezone$/,
    ],
    [
      'a column of a reference that is no name',
      'key: m\ntask: regression\nbaseline: { file: r.csv, columns: { age: 3 } }',
      /^baseline\.columns\.age: write a text, not 3: put it in quotes$/,
    ],
    [
      'an unknown setting of the format',
      'key: m\ntask: regression\nformat: { feature: [a] }',
      /^format\.feature: is not a known setting; format has .*features/,
    ],
    [
      'a path that begins nowhere',
      'key: m\ntask: regression\nformat: { id: loan_id, segments: { channel: body.x } }',
      /^format\.id: begins with input, .*e\.g\. input\.loan_id \(found "loan_id"\)\nformat\.segments\.channel: begins/,
    ],
    [
      'a topic pattern that is none',
      'key: m\ntask: regression\nformat: { topic: /a(/ }',
      /^format\.topic: not a valid regular expression \(found "\/a\(\/"\)/,
    ],
    [
      'a format that does not exist',
      'key: m\ntask: regression\nformat: { format: tfserving }',
      /^format\.format: .*kserve.* \(found "tfserving"\)/,
    ],
    [
      'classes without the positive one',
      'key: m\ntask: binary\npositive: bad\nformat: { classes: [0, 1] }',
      /^format\.classes\.0: write a text, not 0: put it in quotes/,
    ],
    [
      'classes that call the positive one otherwise',
      'key: m\ntask: binary\npositive: bad\nformat: { classes: ["0", "1"] }',
      /^format\.classes: does not list the positive class bad/,
    ],
    [
      'a value of a model that answers classes',
      'key: m\ntask: multiclass\nformat: { outputs: { value: out } }',
      /^format\.outputs\.value: only a regression answers a value: name the output in outputs\.scores \(found "out"\)/,
    ],
    [
      'classes of a regression',
      'key: m\ntask: regression\nformat: { classes: [a, b] }',
      /^format\.classes: a regression has no classes/,
    ],
    [
      'a positive index that is elsewhere',
      'key: m\ntask: binary\npositive: bad\nformat: { classes: [bad, good], positiveIndex: 1 }',
      /^format\.positiveIndex: is not where classes lists bad/,
    ],
    [
      'a positive label of a regression',
      'key: m\ntask: regression\npositive: bad',
      /^positive: a regression has no positive label: leave it out \(found "bad"\)/,
    ],
    ['text that is no YAML', 'key: m\ntask: [binary', /^line 2: /],
    ['a key twice', 'key: m\nkey: n\ntask: regression', /^line 2: .*unique/],
    ['a list', '- key: m', /^is not a model/],
    ['an empty file', '', /^is not a model/],
  ])('%s', (_, text, expected) => {
    expect(problems(text).join('\n')).toMatch(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { normals } from '../../test/support/random.js';
import { lcg } from '../stats/lcg.js';
import { mineUnique } from '../constraints/distinct.js';
import { mineFormats } from '../constraints/format.js';
import { mineRelations } from './mine-constraints.js';
import type { ReferenceSample } from '../constraints/reference-sample.js';

const ROWS = 4000;
const random = lcg(7);
const normal = normals(random);
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!;
const hex = (length: number) => Array.from({ length }, () => pick('0123456789abcdef'.split(''))).join('');

type Row = Readonly<Record<string, number | string | null>>;

/** Rows by column; a column is numeric when its first value that is there is a number. */
function sampleOf(make: (i: number) => Row): ReferenceSample {
  const rows = Array.from({ length: ROWS }, (_, i) => make(i));
  const numbers = new Map<string, Float64Array>();
  const texts = new Map<string, (string | null)[]>();
  for (const name of Object.keys(rows[0] ?? {})) {
    const column = rows.map((row) => row[name] ?? null);
    if (typeof column.find((value) => value !== null) === 'number')
      numbers.set(
        name,
        Float64Array.from(column, (value) => (typeof value === 'number' ? value : NaN)),
      );
    else
      texts.set(
        name,
        column.map((value) => (value === null ? null : String(value))),
      );
  }
  return { rows: ROWS, numbers, texts };
}

const rulesOf = async (make: (i: number) => Row) =>
  (await mineRelations(sampleOf(make))).map((rule) => rule.statistic);

describe('mineRelations', () => {
  it('finds an order, and not what follows from two others', async () => {
    const rules = await rulesOf(() => {
      const low = 100 * random();
      const middle = low + 20 * random();
      return { low, middle, high: middle + 20 * random() };
    });
    expect(rules.toSorted()).toEqual(['low <= middle', 'middle <= high']);
  });

  it('finds sums and equals, and says nothing of the order of their parts', async () => {
    const rules = await rulesOf(() => {
      const net = 100 * random();
      const tax = 20 * random();
      return { net, tax, gross: net + tax, copy: net };
    });
    expect(rules.toSorted()).toEqual(['gross = net + tax', 'net = copy']);
  });

  it('bears one broken row in a thousand, and no more', async () => {
    const make = (every: number) => (i: number) => {
      const a = 100 * random();
      return { a, b: i % every === 0 ? a - 1 : a + 20 * random() };
    };
    expect(await rulesOf(make(1000))).toEqual(['a <= b']);
    expect(await rulesOf(make(400))).toEqual([]);
  });

  it('takes no rule from scales, constants, flags, or a shared season', async () => {
    const rules = await rulesOf((i) => {
      const season = Math.sin(i / 50);
      return {
        small: random(),
        large: 1000 + random(),
        zero: 0,
        one: 1,
        flag: random() < 0.3 ? 1 : 0,
        rare: random() < 0.01 ? 1 : 0,
        rarer: random() < 0.001 ? 1 : 0,
        warm: season + 0.3 * normal(),
        warmer: season + 1 + 0.3 * normal(),
        count: Math.floor(5 * random()),
      };
    });
    expect(rules).toEqual([]);
  });

  it('finds features that are null together, not those that hardly ever are', async () => {
    const rules = await rulesOf((i) => {
      const gone = i % 20 === 3;
      return {
        street: gone ? null : random(),
        city: gone ? null : pick(['a', 'b']),
        hardly: i % 1000 === 1 ? null : random(),
        never: i % 1000 === 2 ? null : random(),
        sometimes: random() < 0.05 ? null : random(),
      };
    });
    expect(rules).toEqual(['city null iff street null']);
  });

  it('finds what one category decides of another, with its values', async () => {
    const STATES = { SEA: 'WA', PDX: 'OR', LAX: 'CA', SFO: 'CA', GEG: 'WA' } as const;
    const rules = await mineRelations(
      sampleOf(() => {
        const airport = pick(Object.keys(STATES) as (keyof typeof STATES)[]);
        return {
          airport,
          state: STATES[airport],
          carrier: pick(['AA', 'UA']),
          almost: random() < 0.001 ? 'x' : 'y',
        };
      }),
    );
    expect(rules).toHaveLength(1);
    const [rule] = rules;
    expect(rule).toMatchObject({
      rule: 'determines',
      statistic: 'airport determines state',
      a: 'airport',
      b: 'state',
    });
    if (rule?.rule !== 'determines') throw new Error('another rule');
    expect(Object.fromEntries(rule.values.map((value, i) => [value, rule.results[i]]))).toEqual(STATES);
  });

  it('gives unrelated features no rule, in twenty draws of ten features', async () => {
    for (let draw = 0; draw < 20; draw += 1) {
      const make = () =>
        Object.fromEntries([
          ...Array.from({ length: 5 }, (_, k) => [
            `n${k}`,
            random() < 0.02 ? null : Math.round(normal() * 10 ** (k - 1)),
          ]),
          ...Array.from({ length: 5 }, (_, k) => [
            `c${k}`,
            random() < 0.02 ? null : `v${Math.floor(random() ** 2 * (2 + 8 * k))}`,
          ]),
        ]) as Row;
      expect(await rulesOf(make)).toEqual([]);
    }
  });
});

describe('mineFormats', () => {
  const formats = (value: () => string) =>
    mineFormats(sampleOf(() => ({ id: value() }))).map((rule) => (rule.rule === 'format' ? rule.format : ''));
  const cases: readonly (readonly [format: string[], value: () => string])[] = [
    [['uuid'], () => `${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`],
    [['email'], () => `${hex(6)}@mail.example`],
    [['iso date'], () => new Date(1e12 + Math.floor(random() * 1e9) * 1000).toISOString()],
    [['url'], () => `https://a.example/${hex(5)}?x=1`],
    [['digits(5)'], () => String(10_000 + Math.floor(random() * 89_999))],
    [['upper(3)'], () => Array.from({ length: 3 }, () => pick('ABCDEFGHIJ'.split(''))).join('')],
    [['A99999'], () => `N${10_000 + Math.floor(random() * 89_999)}`],
    [['A+9+'], () => `${pick(['N', 'CF', 'GLK'])}${Math.floor(random() * 89_999)}`],
    [['AA-99.99'], () => `AB-${10 + Math.floor(random() * 89)}.${10 + Math.floor(random() * 89)}`],
    [[], () => pick(['lyon', 'bourges', 'nice', 'arles']) + pick('abcdefghijklmn'.split(''))],
    [[], () => (random() < 0.02 ? '?' : `N${10_000 + Math.floor(random() * 89_999)}`)],
    [[], () => `N${Math.floor(random() * 9)}`],
  ];
  it.each(cases)('%j', (format, value) => expect(formats(value)).toEqual(format));
});

describe('mineUnique', () => {
  it('knows a name of rows from a category', () => {
    const sample = sampleOf((i) => ({ order: `o${i}`, customer: `c${i % 2000}` }));
    expect(mineUnique(sample).map((rule) => rule.feature)).toEqual(['order']);
  });
});

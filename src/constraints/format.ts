import type { Constraint, ConstraintOf } from '../domain/constraint.js';
import { literal } from '../store/sql-text.js';
import type { ConstraintKind } from './constraint-kind.js';
import { heldText, nowText, watchedBreaks } from './kept.js';
import { LEAST_MINED_ROWS } from './mined-rule.js';
import { NOTHING } from './mining-ground.js';
import { rateSql, rateTally } from './rate.js';
import type { ReferenceSample } from './reference-sample.js';

/** The values of a categorical feature are written in one way. */
export const FORMAT: ConstraintKind<ConstraintOf<'format'>> = {
  mine: async ({ sample }) => (sample ? { rules: mineFormats(sample) } : NOTHING),
  onRows: {
    kind: 'rate',
    sql({ feature, pattern }, columns) {
      const name = feature ?? '';
      return rateSql(columns.hasText(name), `NOT match(${columns.text(name)}, ${literal(pattern)})`);
    },
    tally(rule) {
      const [feature, pattern] = [rule.feature ?? '', new RegExp(rule.pattern, 'u')];
      return rateTally(
        (columns) => columns.hasText(feature),
        (columns) => (row) => !pattern.test(columns.text(feature)[row] ?? ''),
      );
    },
  },
  watched: (rule) => watchedBreaks(rule),
  explain: ({ format }, seen) =>
    `${heldText(seen)} of the reference were written as ${format}; ${nowText(seen)} are not`,
};

/** With fewer values every one of them is known, and a new one is a new category. */
const LEAST_VALUES_OF_FORMAT = 31;
const COVERS = 0.995;
/** Rows looked at: the share of a sample this large is known to a tenth of the 0.5 % that may differ. */
const VALUES_LOOKED_AT = 5000;

/** Ways to write a value that have a name, the most specific first. */
const NAMED: readonly (readonly [format: string, pattern: string])[] = [
  ['uuid', '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}'],
  ['email', '[^@ ]+@[^@ ]+[.][A-Za-z0-9-]+'],
  [
    'iso date',
    '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?',
  ],
  ['url', '[a-z][a-z0-9+.-]*://[^ ]+'],
];

/** The way in which at least 99.5 % of the values of each categorical feature with many values are written, where there is one. */
export function mineFormats({ texts }: ReferenceSample): Constraint[] {
  return [...texts].flatMap(([feature, column]) => {
    const present = column.filter((text) => text !== null).slice(0, VALUES_LOOKED_AT);
    if (present.length < LEAST_MINED_ROWS || new Set(present).size < LEAST_VALUES_OF_FORMAT) return [];
    const found = formatOf(present);
    return found ? [formatRule(feature, found)] : [];
  });
}

function formatRule(feature: string, { format, pattern }: { format: string; pattern: string }): Constraint {
  return {
    rule: 'format',
    name: `format:${feature}`,
    check: 'format',
    feature,
    statistic: 'mismatch',
    format,
    pattern: `^(?:${pattern})$`,
  };
}

function formatOf(values: readonly string[]): { format: string; pattern: string } | null {
  const covers = (pattern: string) => {
    const expression = new RegExp(`^(?:${pattern})$`, 'u');
    return values.filter((value) => expression.test(value)).length >= COVERS * values.length;
  };
  const named = NAMED.find(([, pattern]) => covers(pattern));
  if (named) return { format: named[0], pattern: named[1] };
  for (const runs of ['exact', 'any'] as const) {
    const mask = commonest(values.map((value) => maskOf(value, runs)));
    if (!tells(mask, runs) || !covers(patternOf(mask))) continue;
    return { format: nameOf(mask), pattern: patternOf(mask) };
  }
  return null;
}

/** Runs of one class of character. */
type Mask = readonly { readonly of: string; readonly length: number }[];

const CLASSES: readonly (readonly [of: string, test: RegExp, pattern: string])[] = [
  ['A', /[A-Z]/u, '[A-Z]'],
  ['a', /[a-z]/u, '[a-z]'],
  ['9', /[0-9]/u, '[0-9]'],
];
const classOf = (character: string) => CLASSES.find(([, test]) => test.test(character))?.[0] ?? character;

/** `AB-123` as A2 - 9 3; length 0 stands for any. */
function maskOf(value: string, runs: 'exact' | 'any'): Mask {
  const mask: { of: string; length: number }[] = [];
  for (const character of value) {
    const of = classOf(character);
    const last = mask.at(-1);
    if (last?.of === of) last.length += 1;
    else mask.push({ of, length: 1 });
  }
  return runs === 'exact' ? mask : mask.map(({ of }) => ({ of, length: 0 }));
}

/** The longest mask that is worth having: longer texts are sentences. */
const LONGEST = 24;

/** Letters of any number are just words, and say nothing about the next one. */
function tells(mask: Mask, runs: 'exact' | 'any'): boolean {
  if (mask.length === 0 || mask.length > LONGEST) return false;
  return runs === 'exact' || mask.some(({ of }) => of !== 'A' && of !== 'a' && of !== ' ');
}

function commonest(masks: readonly Mask[]): Mask {
  const counts = new Map<string, { mask: Mask; count: number }>();
  for (const mask of masks) {
    const key = mask.map(({ of, length }) => `${of}${length}`).join('\u0001');
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { mask, count: 1 });
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count)[0]?.mask ?? [];
}

function patternOf(mask: Mask): string {
  return mask
    .map(({ of, length }) => {
      const one = CLASSES.find(([name]) => name === of)?.[2] ?? quoted(of);
      return length === 0 ? `${one}+` : length === 1 ? one : `${one}{${length}}`;
    })
    .join('');
}

/** A character that stands for itself, in RE2 and in JavaScript alike. */
function quoted(character: string): string {
  return /[\\^$.*+?()[\]{}|]/u.test(character) ? `\\${character}` : character;
}

/** `upper(3)`, `digits(5)`, or the mask itself: `AA-999`, `A+9+`. */
function nameOf(mask: Mask): string {
  const [only] = mask;
  if (mask.length === 1 && only) {
    const length = only.length === 0 ? '' : `(${only.length})`;
    if (only.of === '9') return `digits${length}`;
    if (only.of === 'A') return `upper${length}`;
  }
  return mask.map(({ of, length }) => (length === 0 ? `${of}+` : of.repeat(length))).join('');
}

import { z } from 'zod';
import { RULE_IDENTITY } from './rule-identity.js';

/** Letters of a value that a pattern is tried on. */
export const LONGEST_MATCHED = 256;
const MOST_REPEATS = 2;
/** What one of the two engines that try a pattern does not know, or what could take it for ever. */
const UNSAFE = /\(\?[=!<]|\\[1-9k]|\)[*+{]/;
const REPEATS = /[*+]|\{\d+,\}/g;
const RELATION = /^\s*([^\s<>=!]+)\s*(<=|>=|==|!=|<|>)\s*([^\s<>=!]+)\s*$/;
const OPERATORS = ['<=', '>=', '==', '!=', '<', '>'] as const;
export type Operator = (typeof OPERATORS)[number];

const Pattern = z
  .string()
  .min(1)
  .max(200)
  .refine(isRegular, 'is no regular expression')
  .refine((text) => !UNSAFE.test(text), 'no look-around, no back reference and no repeated group: a pattern must not stall the service')
  .refine((text) => (text.match(REPEATS) ?? []).length <= MOST_REPEATS, `at most ${MOST_REPEATS} of *, + and {n,}`); // prettier-ignore

function isRegular(text: string): boolean {
  try {
    return new RegExp(text, 'u').test('') || true;
  } catch {
    return false;
  }
}

/** What must hold of every row, as a person writes it in the model file: exactly one of its kinds. */
export const Expectation = z
  .strictObject({
    feature: z.string().min(1).optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    matches: Pattern.optional(),
    oneOf: z.array(z.union([z.string(), z.number()])).min(1).max(1000).optional(),
    nullsAtMost: z.number().min(0).max(1).optional(),
    relation: z.string().regex(RELATION, 'two names, or a name and a number, with <=, <, >=, >, == or != between').optional(),
    /** The part of the rows that may break it. */
    atMost: z.number().min(0).max(1).default(0),
  })
  .refine((one) => kindsOf(one).length === 1, 'says one thing: `min` and `max`, `matches`, `oneOf`, `nullsAtMost` or `relation`')
  .refine((one) => (one.feature === undefined) === (one.relation !== undefined), {
    path: ['feature'],
    message: 'is named by all but `relation`, which names its own',
  })
  .refine(({ min, max }) => min === undefined || max === undefined || min <= max, { path: ['max'], message: 'is below `min`' }); // prettier-ignore
export type Expectation = z.infer<typeof Expectation>;

interface Kinds {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly matches?: string | undefined;
  readonly oneOf?: readonly (string | number)[] | undefined;
  readonly nullsAtMost?: number | undefined;
  readonly relation?: string | undefined;
}

function kindsOf({ min, max, matches, oneOf, nullsAtMost, relation }: Kinds): readonly unknown[] {
  return [min ?? max, matches, oneOf, nullsAtMost, relation].filter((one) => one !== undefined);
}

/** The same as it is measured on rows. */
const Condition = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('range'), feature: z.string(), min: z.number().nullable(), max: z.number().nullable() }),
  z.strictObject({ kind: z.literal('pattern'), feature: z.string(), pattern: z.string() }),
  z.strictObject({ kind: z.literal('values'), feature: z.string(), texts: z.array(z.string()), numbers: z.array(z.number()) }),
  z.strictObject({ kind: z.literal('nulls'), feature: z.string() }),
  z.strictObject({ kind: z.literal('relation'), a: z.string(), operator: z.enum(OPERATORS), b: z.string().nullable(), number: z.number().nullable() }),
]); // prettier-ignore
export type Condition = z.infer<typeof Condition>;

/** What a person expects of every row, frozen with the baseline; `most` of them may break it. */
export const ExpectationRule = z.strictObject({
  ...RULE_IDENTITY,
  rule: z.literal('expectation'),
  condition: Condition,
  most: z.number(),
});
export type ExpectationRule = z.infer<typeof ExpectationRule>;

/** The rules that measure what a person expects; what is written twice is one. */
export function expectationRules(expectations: readonly Expectation[]): ExpectationRule[] {
  const rules = expectations.map((one): ExpectationRule => {
    const text = expectationText(one);
    const feature = one.feature ?? null;
    const named = { name: `expected:${text}`, check: 'expectation', feature, statistic: text } as const;
    return {
      rule: 'expectation',
      ...named,
      condition: conditionOf(one),
      most: one.nullsAtMost ?? one.atMost,
    };
  });
  return [...new Map(rules.map((rule) => [rule.name, rule])).values()];
}

/** As a person reads it: `18 <= age <= 120`. */
export function expectationText({ feature = '', min, max, matches, oneOf, nullsAtMost, relation, atMost }: Expectation): string {
  const few = atMost > 0 ? `, but for ${atMost} of the rows` : '';
  if (relation !== undefined) return relation.trim() + few;
  if (matches !== undefined) return `${feature} matches ${matches}${few}`;
  if (oneOf !== undefined) return `${feature} is one of ${oneOf.join(', ')}${few}`;
  if (nullsAtMost !== undefined) return `${feature} is absent from at most ${nullsAtMost} of the rows`;
  return `${min === undefined ? '' : `${min} <= `}${feature}${max === undefined ? '' : ` <= ${max}`}${few}`;
} // prettier-ignore

function conditionOf({ feature = '', min, max, matches, oneOf, nullsAtMost, relation }: Expectation): Condition {
  if (matches !== undefined) return { kind: 'pattern', feature, pattern: matches };
  if (nullsAtMost !== undefined) return { kind: 'nulls', feature };
  if (oneOf !== undefined) {
    const numbers = oneOf.map(Number).filter((x) => Number.isFinite(x));
    return { kind: 'values', feature, texts: oneOf.map(String), numbers };
  }
  const [, a = '', operator = '<=', right = ''] = RELATION.exec(relation ?? '') ?? [];
  if (relation === undefined) return { kind: 'range', feature, min: min ?? null, max: max ?? null };
  const number = Number(right);
  const isNumber = right !== '' && Number.isFinite(number);
  const known = OPERATORS.find((one) => one === operator) ?? '<=';
  return { kind: 'relation', a, operator: known, b: isNumber ? null : right, number: isNumber ? number : null };
} // prettier-ignore

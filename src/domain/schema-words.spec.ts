import { expect, it } from 'vitest';
import { z } from 'zod';
import './schema-words.js';

const Thing = z.strictObject({
  size: z.number().min(1).max(9),
  kind: z.enum(['small', 'large']),
  names: z.array(z.string().min(1)).min(1).max(2),
  either: z.union([z.string(), z.number()]),
  form: z.union([z.strictObject({ file: z.string() }), z.strictObject({ days: z.number().int() })]),
  when: z.iso.date(),
  way: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('mail') }),
    z.strictObject({ kind: z.literal('slack') }),
  ]),
  code: z.string().regex(/^[A-Z]+$/),
});
const GOOD = {
  size: 5,
  kind: 'small',
  names: ['a'],
  either: 1,
  form: { days: 3 },
  when: '2026-11-21',
  way: { kind: 'mail' },
  code: 'A',
};

const wordsOf = (change: object) =>
  Thing.safeParse({ ...GOOD, ...change }).error?.issues.map(({ message }) => message);

it.each([
  [{ size: 'abc' }, 'write a number, not a text'],
  [{ size: undefined }, 'write a number'],
  [{ size: null }, 'write a number, not null'],
  [{ size: 0 }, 'write 1 or more, not 0'],
  [{ size: 10 }, 'write 9 or less, not 10'],
  [{ kind: 'Small' }, 'write small or large; did you mean small?'],
  [{ names: [] }, 'list at least 1'],
  [{ names: ['a', 'b', 'c'] }, 'list at most 2'],
  [{ names: [''] }, 'is empty: write something'],
  [{ either: true }, 'write a text or a number, not true'],
  [{ form: { days: 1.5 } }, 'days: write a whole number, not 1.5'],
  [{ form: 5 }, 'write fields, `name: value`, not 5'],
  [{ when: 'soon' }, 'write a day such as 2026-11-21'],
  [{ way: { kind: 'slak' } }, 'write mail or slack; did you mean slack?'],
  [{ way: {} }, 'write mail or slack'],
  [{ code: 'a' }, 'write a text of the form /^[A-Z]+$/'],
  [{ sizes: 3 }, '"sizes" is not a known field; did you mean size?; there are size, kind, names, either, form, when, way, code'],
])('%j: %s', (change, words) => expect(wordsOf(change)).toEqual([words])); // prettier-ignore

it('repeats no text, which may be a secret', () => {
  expect(JSON.stringify(z.strictObject({ a: z.number(), b: z.string().min(32) }).safeParse({ a: 's3cret', b: 's3cret' }).error?.issues)).not.toContain('s3cret'); // prettier-ignore
});

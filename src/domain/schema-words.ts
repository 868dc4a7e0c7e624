import { z } from 'zod';
import { lookAlike } from './look-alike.js';

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'fields, `name: value`',
  record: 'fields, `name: value`',
  null: 'nothing',
  date: 'a time',
};
const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'an RFC 3339 time with an offset',
  date: 'a day such as 2026-11-21',
  email: 'an e-mail address',
  url: 'an address',
};

/**
 * What is wrong with a value by its schema, as a sentence that says what to write: the words of the library are for programmers. Importing this
 * module puts it in force for every schema that has no words of its own.
 */
export function schemaWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `write ${KINDS[issue.expected] ?? issue.expected}${found(issue.input)}${quotes(issue)}`;
    case 'invalid_value':
      return `write ${listed(issue.values.map(String))}${meant(issue.input, issue.values.map(String))}`;
    case 'invalid_format':
      return `write ${FORMATS[issue.format] ?? `a text of the form ${issue.pattern ?? issue.format}`}`;
    case 'too_small':
      return tooLittle(issue);
    case 'too_big':
      return tooMuch(issue);
    case 'not_multiple_of':
      return `write a multiple of ${issue.divisor}${found(issue.input)}`;
    case 'unrecognized_keys':
      return unknownFields(issue.keys, fieldsOf(issue.inst));
    case 'invalid_union':
      return form(issue) ?? closestBranch(issue.errors, issue.input);
    case 'invalid_key':
    case 'invalid_element':
      return issue.issues[0]?.message;
    default:
      return undefined;
  }
}

z.config({ customError: schemaWords });

type TooSmall = Extract<z.core.$ZodRawIssue, { code: 'too_small' }>;
type TooBig = Extract<z.core.$ZodRawIssue, { code: 'too_big' }>;

function tooLittle({ origin, minimum, inclusive, input }: TooSmall): string {
  if (origin === 'string')
    return minimum === 1 ? 'is empty: write something' : `write at least ${minimum} characters`;
  if (origin === 'array' || origin === 'set' || origin === 'map') return `list at least ${minimum}`;
  return `write ${inclusive === false ? `more than ${minimum}` : `${minimum} or more`}${found(input)}`;
} // prettier-ignore

function tooMuch({ origin, maximum, inclusive, input }: TooBig): string {
  if (origin === 'string') return `write at most ${maximum} characters`;
  if (origin === 'array' || origin === 'set' || origin === 'map') return `list at most ${maximum}`;
  return `write ${inclusive === false ? `less than ${maximum}` : `${maximum} or less`}${found(input)}`;
}

/** Fields that a schema does not have, with what was probably meant and what there is. */
export function unknownFields(keys: readonly string[], known: readonly string[]): string {
  const meant = keys.flatMap((key) => lookAlike(key, known) ?? []);
  const hint = meant.length === 0 ? '' : `; did you mean ${meant.join(', ')}?`;
  const there = known.length === 0 ? '' : `; there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`;
  const wrong = keys.length === 1 ? 'is not a known field' : 'are not known fields';
  return `${keys.map((key) => `"${key}"`).join(', ')} ${wrong}${hint}${there}`;
}

function fieldsOf(schema: unknown): readonly string[] {
  if (schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum)
    return schema.keyType.options.map(String);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

/** Of alternatives the one that fits but for the least; where none fits at all, what each would be. */
function closestBranch(branches: readonly (readonly z.core.$ZodIssue[])[], input: unknown): string | undefined {
  const kinds = branches.map(([first, ...more]) => (first?.code === 'invalid_type' && first.path.length === 0 && more.length === 0 ? first.expected : null)); // prettier-ignore
  if (kinds.length > 0 && kinds.every((kind) => kind !== null))
    return `write ${listed([...new Set(kinds.map((kind) => KINDS[kind] ?? kind))])}${found(input)}`;
  const known = branches.filter((_, i) => kinds[i] === null);
  const [best] = known.toSorted((a, b) => a.length - b.length || depthOf(b) - depthOf(a));
  return best?.map(({ path, message }) => (path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`)).join('; ');
} // prettier-ignore

function depthOf(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map(({ path }) => path.length));
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

function meant(input: unknown, values: readonly string[]): string {
  const close = typeof input === 'string' ? lookAlike(input, values) : null;
  return close === null ? '' : `; did you mean ${close}?`;
}

/** Where one field says which of several forms it is: which there are. */
function form(issue: { readonly options?: unknown; readonly discriminator?: unknown; readonly input?: unknown }): string | undefined {
  const { options, discriminator, input } = issue;
  if (!Array.isArray(options) || typeof discriminator !== 'string') return undefined;
  const names = options.map(String);
  const said: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, discriminator) : null;
  return `write ${listed(names)}${meant(said, names)}`;
} // prettier-ignore

/** What stands there instead. A text is not repeated: it may be a secret. */
function found(input: unknown): string {
  if (input === null) return ', not null';
  if (typeof input === 'string') return ', not a text';
  // what is no number became NaN before it was looked at
  if (Number.isNaN(input)) return '';
  return typeof input === 'number' || typeof input === 'boolean' ? `, not ${input}` : '';
}

/** YAML reads `0` and `yes` as no texts. */
function quotes({ expected, input }: Extract<z.core.$ZodRawIssue, { code: 'invalid_type' }>): string {
  const isBare = typeof input === 'number' || typeof input === 'boolean';
  return expected === 'string' && isBare ? ': put it in quotes' : '';
}

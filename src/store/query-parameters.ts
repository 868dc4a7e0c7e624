import { DatabaseError } from './database.js';
import { literal as textLiteral } from './sql-text.js';
import { sqlTokens } from './statement-split.js';

/** A value either driver can bind. */
export type Parameter =
  string | number | bigint | null | readonly Parameter[] | ReadonlyMap<Parameter, Parameter>;

/**
 * Values for the `{name:Type}` of a statement, in the one form both engines read alike: dates as Unix seconds with
 * milliseconds, booleans as 1 and 0, objects as maps. Throws DatabaseError INVALID_PARAMETER for a value that has no such form
 * and for a placeholder without a value.
 */
export function queryParameters(
  sql: string,
  params: Readonly<Record<string, unknown>> = {},
): ReadonlyMap<string, Parameter> {
  const values = new Map(Object.entries(params).map(([name, value]) => [word(name), parameter(name, value)]));
  for (const { name } of placeholders(sql)) if (!values.has(name)) throw refused(name, 'has no value');
  return values;
}

/**
 * `SET param_name = '…'` for an embedded connection, which keeps them until they are set again. The driver's own binding runs
 * one parameterised statement at a time in the whole process; these are per connection.
 */
export function parameterStatement(values: ReadonlyMap<string, Parameter>): string {
  if (values.size === 0) return '';
  return `SET ${[...values].map(([name, value]) => `param_${name} = ${textLiteral(fieldText(value))}`).join(', ')};\n`;
}

/** A statement, and what is bound beside it. */
export interface BoundStatement {
  readonly sql: string;
  readonly values: ReadonlyMap<string, Parameter>;
}

/** Characters of a value that is bound beside its statement: in the address of a request, of which a proxy may take no more than 8 KiB, and a server 128 KiB a value whatever it is told. */
const LONGEST_BESIDE = 1_000;

/**
 * The same with values that are long, as a list of all models is, written into the statement where they are asked for, typed as they are declared: a statement may be as long as
 * `max_query_size` says.
 */
export function withLongValues({ sql, values }: BoundStatement): BoundStatement {
  const long = new Map(
    [...values].flatMap(([name, value]) => {
      const text = isNumber(value) ? '' : expression(value);
      return text.length > LONGEST_BESIDE ? [[name, text]] : [];
    }),
  );
  if (long.size === 0) return { sql, values };
  const pieces: string[] = [];
  let after = 0;
  for (const { name, type, from, to } of placeholders(sql)) {
    const text = long.get(name);
    if (text === undefined) continue;
    pieces.push(sql.slice(after, from), `CAST(${text}, ${textLiteral(type)})`);
    after = to;
  }
  return {
    sql: [...pieces, sql.slice(after)].join(''),
    values: new Map([...values].filter(([name]) => !long.has(name))),
  };
}

const isNumber = (value: Parameter): boolean =>
  value === null || typeof value === 'number' || typeof value === 'bigint';

interface Placeholder {
  readonly name: string;
  readonly type: string;
  /** Where it begins and ends in the statement. */
  readonly from: number;
  readonly to: number;
}

function* placeholders(sql: string): Generator<Placeholder> {
  if (!sql.includes('{')) return;
  const tokens = [...sqlTokens(sql)].filter(({ kind }) => kind !== 'space' && kind !== 'comment');
  for (const [index, token] of tokens.entries()) {
    const [name, colon] = [tokens[index + 1], tokens[index + 2]];
    if (token.text !== '{' || name?.kind !== 'word' || colon?.text !== ':') continue;
    const end = tokens.findIndex(({ text }, at) => at > index && text === '}');
    const close = tokens[end]?.at ?? sql.length;
    yield { name: name.text, type: sql.slice(colon.at + 1, close).trim(), from: token.at, to: close + 1 };
  }
}

function parameter(name: string, value: unknown): Parameter {
  if (value === null || typeof value === 'bigint' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return wellFormed(value);
  if (value instanceof Date) return instant(name, value);
  if (Array.isArray(value)) return value.map((item) => parameter(name, item));
  if (value instanceof Map)
    return new Map([...value].map(([key, item]) => [parameter(name, key), parameter(name, item)]));
  if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
    return new Map(Object.entries(value).map(([key, item]) => [wellFormed(key), parameter(name, item)]));
  }
  throw refused(name, `has no form as a parameter (${value === undefined ? 'undefined' : typeof value})`);
}

function word(name: string): string {
  if (!/^\w+$/u.test(name)) throw refused(JSON.stringify(name), 'is not a word');
  return name;
}

/** Halves of surrogate pairs have no UTF-8 form: they become U+FFFD. */
function wellFormed(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8');
}

function instant(name: string, value: Date): string {
  const milliseconds = value.getTime();
  if (!(milliseconds >= 0)) throw refused(name, 'is not a date after 1970');
  const fraction = milliseconds % 1000 === 0 ? '' : `.${String(milliseconds % 1000).padStart(3, '0')}`;
  // padded: the engine reads a number of fewer than ten digits as a calendar date
  return `${String(Math.floor(milliseconds / 1000)).padStart(10, '0')}${fraction}`;
}

/** The text the engine parses as the declared type: TSV escapes for a lone string, literals inside arrays and maps. */
function fieldText(value: Parameter): string {
  if (value === null) return '\\N';
  return typeof value === 'string'
    ? value.replace(/[\\\t\n\r\b\f\0]/gu, (character) => TSV_ESCAPES[character] ?? character)
    : literal(value);
}

/** What a cast makes the declared type of: no text of it, which is none of a map. */
function expression(value: Parameter): string {
  if (!(value instanceof Map)) return literal(value);
  return `(${literal([...value.keys()])}, ${literal([...value.values()])})`;
}

const TSV_ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\b': '\\b',
  '\f': '\\f',
  '\0': '\\0',
};

function literal(value: Parameter): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return textLiteral(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return number(value);
  if (value instanceof Map)
    return `{${[...value].map(([key, item]) => `${literal(key)}:${literal(item)}`).join(',')}}`;
  return `[${[...(value as readonly Parameter[])].map(literal).join(',')}]`;
}

function number(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

function refused(name: string, why: string): DatabaseError {
  return new DatabaseError(`query parameter ${name} ${why}`, 'INVALID_PARAMETER', false);
}

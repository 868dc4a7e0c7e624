import { CodedError } from '../domain/coded-error.js';
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { isQuoted } from '../domain/quoted.js';
import '../domain/schema-words.js';
import { KEEP_VARIABLES } from './keep-variables.js';
import { VARIABLES, type Variable, type VariableName } from './environment.js';
import { unknownSettings } from './unknown-settings.js';

type Values = { readonly [Name in VariableName]?: z.output<(typeof VARIABLES)[Name]['schema']> };
type WithFallback = {
  [Name in VariableName]: (typeof VARIABLES)[Name] extends { fallback: string } ? Name : never;
}[VariableName];
/** All settings, parsed and frozen; a variable without a default may be undefined. A secret of a file is what the file holds when it is asked for. */
export type Config = Readonly<Required<Pick<Values, WithFallback>> & Values>;

/** Under which a class is given the settings. */
export const CONFIG = Symbol('settings');

type Environment = Readonly<Record<string, string | undefined>>;

/** Every wrong setting of one start, each named. */
export class ConfigError extends CodedError {
  override readonly name = 'ConfigError';
  readonly code = 'bad_configuration';
  constructor(readonly problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

/** What is wrong with one setting, or with several that only make sense together. */
export interface SettingProblem {
  /** The settings whose value is not what was meant. */
  readonly names: readonly string[];
  /** The setting, what is wrong with it, and what to write; never a secret. */
  readonly text: string;
}

/** The settings of one environment, as far as they can be used. */
export interface UsableSettings {
  /** One that cannot be used is here as if nobody had set it. */
  readonly config: Config;
  readonly problems: readonly SettingProblem[];
}

/**
 * Environment → Config. `NAME_FILE` gives a secret from a file; an empty variable counts as unset.
 * Throws ConfigError with all problems at once, never with a secret's value.
 */
export function parseConfig(
  environment: Environment,
  readFile = (path: string) => readFileSync(path, 'utf8'),
): Config {
  const { config, problems } = readSettings(environment, readFile);
  if (problems.length > 0) throw new ConfigError(problems.map(({ text }) => text));
  return config;
}

/** The same for who looks on although some of it is wrong: what can be used, and everything that cannot. */
export function readSettings(
  environment: Environment,
  readFile = (path: string) => readFileSync(path, 'utf8'),
): UsableSettings {
  const problems: SettingProblem[] = [];
  const values: Record<string, unknown> = {};
  const files = new Map<VariableName, string>();
  for (const name of Object.keys(VARIABLES) as VariableName[]) {
    const given = textOf(name, environment, readFile);
    problems.push(...given.problems.map((text) => ({ names: [name], text })));
    if (given.text === undefined) continue;
    const read = valueOf(name, given.text);
    problems.push(...read.problems.map((text) => ({ names: [name], text })));
    if (read.value === undefined) continue;
    values[name] = read.value;
    const file = fileOf(name, environment);
    if (read.problems.length === 0 && file !== undefined) files.set(name, file);
  }
  problems.push(...belowFloor(values), ...together(environment), ...unknownSettings(environment).problems);
  for (const [name, file] of files) readAgain(values, name, () => readFile(file));
  return { config: Object.freeze(values) as Config, problems };
}

/** What a text stands for; where that is nothing the default, and why. */
function valueOf(
  name: VariableName,
  text: string,
): { readonly value: unknown; readonly problems: readonly string[] } {
  const { schema, fallback, secret }: Variable = VARIABLES[name];
  const parsed = schema.safeParse(text);
  if (parsed.success) return { value: parsed.data, problems: [] };
  const problems = parsed.error.issues.map((issue) => {
    const shown = secret || isQuoted(issue) ? '' : ` (it is "${text}")`;
    return `${name}: ${issue.message}${shown}`;
  });
  return { value: fallback === undefined ? undefined : schema.parse(fallback), problems };
}

/** Whoever reads the value reads the file, so that a rotated secret needs no restart; what cannot be read or used now leaves the last that could. */
function readAgain(values: Record<string, unknown>, name: VariableName, read: () => string): void {
  let last = values[name];
  const get = () => {
    try {
      last = VARIABLES[name].schema.safeParse(read().trim()).data ?? last;
    } catch {
      // half-way through being replaced
    }
    return last;
  };
  Object.defineProperty(values, name, { get, enumerable: true });
}

function fileOf(name: VariableName, environment: Environment): string | undefined {
  const variable: Variable = VARIABLES[name];
  return variable.secret ? environment[`${name}_FILE`] || undefined : undefined;
}

/** What is said of a setting: its own text before its file, and the default where neither can be read. */
function textOf(
  name: VariableName,
  environment: Environment,
  readFile: (path: string) => string,
): { readonly text: string | undefined; readonly problems: readonly string[] } {
  const { anyCase, fallback }: Variable = VARIABLES[name];
  const direct = environment[name] || (anyCase ? environment[name.toLowerCase()] : undefined);
  const file = fileOf(name, environment);
  if (direct) return { text: direct, problems: file ? [`${name}: set it or ${name}_FILE, not both`] : [] };
  if (!file) return { text: fallback, problems: [] };
  try {
    return { text: readFile(file).trim(), problems: [] };
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    return { text: fallback, problems: [`${name}_FILE: cannot read ${file} (${why})`] };
  }
}

/** UsableSettings that keep something for less than anything may be kept. */
function belowFloor(values: Readonly<Record<string, unknown>>): readonly SettingProblem[] {
  const least = values['TIDEWATCH_KEEP_AT_LEAST'];
  const isShort = (name: string) => typeof least === 'number' && Number(values[name]) < least;
  return Object.keys(KEEP_VARIABLES)
    .filter(isShort)
    .map((name) => ({
      names: [name],
      text: `${name}: is less than TIDEWATCH_KEEP_AT_LEAST: raise it, or lower that`,
    }));
}

const TOGETHER = [
  {
    names: ['KAFKA_SASL_MECHANISM', 'KAFKA_SASL_USERNAME', 'KAFKA_SASL_PASSWORD'],
    why: 'SASL needs mechanism, username and password',
  },
  {
    names: [
      'TIDEWATCH_CHECKPOINT_S3_URL',
      'TIDEWATCH_CHECKPOINT_S3_ACCESS_KEY',
      'TIDEWATCH_CHECKPOINT_S3_SECRET_KEY',
    ],
    why: 'a bucket needs its address and a key for it',
  },
  {
    names: ['TIDEWATCH_OIDC_ISSUER', 'TIDEWATCH_OIDC_CLIENT_ID', 'TIDEWATCH_OIDC_ROLES'],
    why: 'people sign in with an issuer, a client id and roles',
  },
] as const satisfies readonly { readonly names: readonly VariableName[]; readonly why: string }[];

/** UsableSettings that only make sense together. */
function together(environment: Environment): readonly SettingProblem[] {
  return TOGETHER.flatMap(({ names, why }) => {
    const missing = names.filter((name) => !environment[name] && !environment[`${name}_FILE`]);
    const isPart = missing.length > 0 && missing.length < names.length;
    return isPart ? [{ names: missing, text: `${missing.join(', ')}: missing; ${why}` }] : [];
  });
}

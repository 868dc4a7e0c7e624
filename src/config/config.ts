import { CodedError } from '../domain/coded-error.js';
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
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

/**
 * Environment → Config. `NAME_FILE` gives a secret from a file; an empty variable counts as unset.
 * Throws ConfigError with all problems at once, never with a secret's value.
 */
export function parseConfig(
  environment: Environment,
  readFile = (path: string) => readFileSync(path, 'utf8'),
): Config {
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  const files = new Map<VariableName, string>();
  for (const name of Object.keys(VARIABLES) as VariableName[]) {
    const text = textOf(name, environment, readFile, problems);
    if (text === undefined) continue;
    const parsed = VARIABLES[name].schema.safeParse(text);
    const file = fileOf(name, environment);
    if (parsed.success && file !== undefined) files.set(name, file);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(`${name}: ${parsed.error.issues[0]?.message ?? 'not valid'}${shown(name, text)}`);
  }
  problems.push(...belowFloor(values), ...together(environment), ...unknownSettings(environment).problems);
  if (problems.length > 0) throw new ConfigError(problems);
  for (const [name, file] of files) readAgain(values, name, () => readFile(file));
  return Object.freeze(values) as Config;
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

function textOf(
  name: VariableName,
  environment: Environment,
  readFile: (path: string) => string,
  problems: string[],
): string | undefined {
  const variable: Variable = VARIABLES[name];
  const direct = environment[name] || (variable.anyCase ? environment[name.toLowerCase()] : undefined);
  const file = fileOf(name, environment);
  if (direct && file) problems.push(`${name}: set it or ${name}_FILE, not both`);
  if (direct) return direct;
  if (!file) return variable.fallback;
  try {
    return readFile(file).trim();
  } catch (error) {
    problems.push(
      `${name}_FILE: cannot read ${file} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`,
    );
    return undefined;
  }
}

function shown(name: VariableName, text: string): string {
  const secret = 'secret' in VARIABLES[name];
  return secret ? '' : ` (it is "${text}")`;
}

/** Settings that keep something for less than anything may be kept. */
function belowFloor(values: Readonly<Record<string, unknown>>): string[] {
  const least = values['TIDEWATCH_KEEP_AT_LEAST'];
  const isShort = (name: string) => typeof least === 'number' && Number(values[name]) < least;
  return Object.keys(KEEP_VARIABLES)
    .filter(isShort)
    .map((name) => `${name}: is less than TIDEWATCH_KEEP_AT_LEAST: raise it, or lower that`);
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

/** Settings that only make sense together. */
function together(environment: Environment): string[] {
  return TOGETHER.flatMap(({ names, why }) => {
    const missing = names.filter((name) => !environment[name] && !environment[`${name}_FILE`]);
    const isPart = missing.length > 0 && missing.length < names.length;
    return isPart ? [`${missing.join(', ')}: missing; ${why}`] : [];
  });
}

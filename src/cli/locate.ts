import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { parseConfig, type Config } from '../config/config.js';
import { DataDirectoryLock } from '../store/data-directory-lock.js';
import { DatabaseError } from '../store/database.js';
import type { DataOptions } from './arguments.js';
import { CliError } from './exit.js';

/** Where the data is to be reached: through the service that has it, or by opening the store. */
export type ServicePlace = { readonly kind: 'service'; readonly url: string } | { readonly kind: 'store' };

const PROBE_MS = 10_000;
const Ready = z.object({ status: z.string(), parts: z.record(z.string(), z.string()) });

/** What is said on the command line stands before the environment. */
const NO_OTHER = { TIDEWATCH_ADMIN_KEY_FILE: '', TIDEWATCH_TOKEN: '', TIDEWATCH_TOKEN_FILE: '' };

/** The settings of the environment with what the options say instead. Throws ConfigError. */
export function configOf(options: DataOptions, extra: Readonly<Record<string, string>> = {}): Config {
  return parseConfig({ ...environmentOf(options), ...extra });
}

/** The environment with what the options say instead. */
export function environmentOf({ data, key }: DataOptions): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...(data === undefined ? {} : { TIDEWATCH_DATA_DIR: data }),
    ...(key === undefined ? {} : { ...NO_OTHER, TIDEWATCH_ADMIN_KEY: key }),
  };
}

/** What is sent to a running service: a person's token before the key. */
export function tokenOf({ TIDEWATCH_TOKEN: token, TIDEWATCH_ADMIN_KEY: key }: Config): string | null {
  return token ?? key ?? null;
}

/** Folder of the embedded engine. */
export function engineFolder(config: Config): string {
  return join(config.TIDEWATCH_DATA_DIR, 'engine');
}

/** Address of the service that these settings would start, as this machine reaches it. */
export function serviceUrl({ HOST: host, PORT: port }: Config): string {
  const name = ['0.0.0.0', '::', '*'].includes(host) ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** What `/health/ready` of a Tidewatch says; null when none answers there. */
export async function readinessAt(url: string): Promise<z.infer<typeof Ready> | null> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(PROBE_MS) });
    return Ready.safeParse(await response.json()).data ?? null;
  } catch {
    return null;
  }
}

/** Why the embedded engine cannot open its folder now; null when it can. Makes the folder when it is not there. */
export function directoryProblem(config: Config): DatabaseError | null {
  try {
    DataDirectoryLock.check(engineFolder(config));
    return null;
  } catch (error) {
    if (error instanceof DatabaseError) return error;
    throw error;
  }
}

/**
 * An embedded data folder belongs to one process: while a service holds it, everything goes through that service. Throws CliError when
 * neither is possible, and when there is no data yet although the verb needs some.
 */
export async function locate(
  config: Config,
  { url }: DataOptions,
  needsData: boolean,
): Promise<ServicePlace> {
  if (url !== undefined) {
    const given = url.replace(/\/+$/, '');
    if (await readinessAt(given)) return { kind: 'service', url: given };
    throw new CliError(`no Tidewatch answers at ${given} (--url, or TIDEWATCH_URL)`, 'unreachable');
  }
  const expected = serviceUrl(config);
  if (config.CLICKHOUSE_URL !== undefined)
    return (await readinessAt(expected)) ? { kind: 'service', url: expected } : { kind: 'store' };
  const folder = engineFolder(config);
  if (needsData && !existsSync(folder)) {
    const fix = 'start the service first (npm start), or name the folder with --data';
    throw new CliError(`there is no data in ${config.TIDEWATCH_DATA_DIR}: ${fix}`, 'no_data');
  }
  const problem = directoryProblem(config);
  if (problem === null) return { kind: 'store' };
  if (problem.code !== 'DIRECTORY_IN_USE') throw problem;
  if (await readinessAt(expected)) return { kind: 'service', url: expected };
  const fix = `no service answers at ${expected}; say where it is with --url`;
  throw new CliError(`${problem.message.split(':')[0] ?? ''}, but ${fix}`, 'directory_in_use');
}

import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigError, type Config } from '../config/config.js';
import { keyProblem } from '../config/value-schemas.js';
import { readIfThere, replaceFile } from './whole-file.js';

/** Where the key comes from: the environment, a command that prints it, or the data folder, where one is made. */
export type KeySource = Pick<
  Config,
  'TIDEWATCH_LEDGER_KEY' | 'TIDEWATCH_LEDGER_KEY_COMMAND' | 'TIDEWATCH_DATA_DIR'
>;

const KEY_FILE = 'ledger-key.pem';
const COMMAND_MS = 30_000;

/** The private key of the ledger, PEM. Throws ConfigError that says which source is wrong. */
export async function ledgerKey(source: KeySource): Promise<string> {
  return (await givenKey(source)) ?? localKey(source.TIDEWATCH_DATA_DIR);
}

/** The same, for a verifier: null where there is none yet. */
export async function knownLedgerKey(source: KeySource): Promise<string | null> {
  const given = await givenKey(source);
  if (given !== null) return given;
  return keyInFolder(source.TIDEWATCH_DATA_DIR);
}

/** The key that a data folder has, PEM; null where it has none. Throws ConfigError when the file is not whole. */
export async function keyInFolder(directory: string): Promise<string | null> {
  const path = join(directory, KEY_FILE);
  const found = await readIfThere(path);
  return found === null ? null : wholeKey(path, found);
}

/** The key that the environment gives or a command prints; null where neither is set. */
export async function givenKey(source: KeySource): Promise<string | null> {
  const { TIDEWATCH_LEDGER_KEY: given, TIDEWATCH_LEDGER_KEY_COMMAND: command } = source;
  if (given !== undefined) return given;
  return command === undefined ? null : printedKey(command);
}

async function printedKey(command: string): Promise<string> {
  const problem = (why: string) => new ConfigError([`TIDEWATCH_LEDGER_KEY_COMMAND: ${why}`]);
  const run = promisify(execFile);
  const { stdout } = await run('/bin/sh', ['-c', command], { timeout: COMMAND_MS }).catch(
    ({ code }: { readonly code?: number | string }) => {
      throw problem(`the command ended with ${code ?? 'no answer in time'} and gave no key`);
    },
  );
  const wrong = keyProblem(stdout);
  if (wrong !== null) throw problem(`what the command prints ${wrong}`);
  return stdout;
}

/** The private key of a data directory, PEM; made when there is none. Throws ConfigError when the file is not whole. */
export async function localKey(directory: string): Promise<string> {
  const found = await keyInFolder(directory);
  if (found !== null) return found;
  const path = join(directory, KEY_FILE);
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  await replaceFile(path, pem, 0o600);
  return pem;
}

/** Throws ConfigError that names a file which is no private key: an interrupted write or a full disk leaves such. */
function wholeKey(path: string, pem: string): string {
  if (/^-----BEGIN PRIVATE KEY-----\n[^-]+\n-----END PRIVATE KEY-----\s*$/u.test(pem)) return pem;
  throw new ConfigError([
    `${path}: is not a whole private key; restore it from a back-up, or delete it (checkpoints are then signed with a new one)`,
  ]);
}

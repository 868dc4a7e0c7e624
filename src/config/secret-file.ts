import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { ConfigError } from './config.js';

const BYTES = 32;
const WHOLE = new RegExp(`^[0-9a-f]{${2 * BYTES}}$`, 'u');

/**
 * A secret of 256 random bits that only this machine's owner can read; made on first use. Throws ConfigError that names the file
 * when it holds anything else, an empty text for one: with that, anybody could make a token that passes.
 */
export function secretFile(path: string): string {
  if (!existsSync(path)) writeWhole(path, randomBytes(BYTES).toString('hex'));
  const secret = readFileSync(path, 'utf8').trim();
  if (WHOLE.test(secret)) return secret;
  throw new ConfigError([
    `${path}: holds ${secret.length} characters and must hold ${2 * BYTES} hexadecimal digits; restore it from a back-up, or delete it (a new one is made, and training jobs under way can no longer report)`,
  ]);
}

/** Under another name first, and on the disk before it bears its own: a full disk or a power cut leaves no half of it. */
function writeWhole(path: string, content: string): void {
  const file = openSync(`${path}.new`, 'w', 0o600);
  try {
    const written = writeSync(file, content);
    if (written !== Buffer.byteLength(content)) throw new Error(`${path} could not be written whole`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

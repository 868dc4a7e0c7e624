import { execFile } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { verifierKey } from '../../src/ledger/checkpoint.js';

const OPERATIONS = new URL('../../docs/operations.md', import.meta.url);

it('the commands of the documentation make the verifier key of a private key', async () => {
  const text = await readFile(OPERATIONS, 'utf8');
  const script = /^ *```sh\n([^`]*ledger-public\.pem[^`]*)```/mu.exec(text)?.[1] ?? '';
  const folder = await mkdtemp(join(tmpdir(), 'tidewatch-verifier-key-'));
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeFile(join(folder, 'ledger-key.pem'), pem);
  await promisify(execFile)('/bin/sh', ['-ec', script], { cwd: folder });
  const made = await readFile(join(folder, 'ledger.pub'), 'utf8');
  expect(made.trimEnd()).toBe(verifierKey('tidewatch', createPublicKey(publicKey.export({ type: 'spki', format: 'pem' }))));
  await rm(folder, { recursive: true });
}); // prettier-ignore

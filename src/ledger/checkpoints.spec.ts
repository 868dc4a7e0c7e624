import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BadCheckpoint, openCheckpoint, openNote } from './checkpoint.js';
import { Checkpoints, InconsistentLog, readCheckpoint } from './checkpoints.js';
import { leafHash } from './merkle.js';
import { LogTree } from './log-tree.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tidewatch-checkpoints-'));
});
afterEach(async () => rm(directory, { recursive: true, force: true }));

const NAME = 'tidewatch.example/test';
const treeOf = (...leaves: string[]): LogTree => {
  const tree = new LogTree({ leavesOf: async () => null });
  for (const leaf of leaves) tree.append(leafHash(leaf));
  return tree;
};
const open = async (privateKey?: string): Promise<Checkpoints> =>
  Checkpoints.open({ directory, name: NAME, ...(privateKey !== undefined && { privateKey }) });

describe('a checkpoint', () => {
  // The example key and note of golang.org/x/mod/sumdb/note's documentation.
  const KEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
  const TEXT =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
  const SIGNATURE =
    'x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=';

  it('knows keys and signatures of other tools', () => {
    expect(openNote(`${TEXT}\n\u2014 PeterNeumann ${SIGNATURE}\n`, KEY)).toBe(TEXT);
    expect(() => openNote(`${TEXT} \n\u2014 PeterNeumann ${SIGNATURE}\n`, KEY)).toThrow(BadCheckpoint);
    expect(() => openNote(`${TEXT}\n\u2014 PeterNeumann ${SIGNATURE}\n`, KEY.replace('c7', 'c8'))).toThrow(
      'do not belong together',
    );
  });

  it('is three lines, an empty one and a signature', async () => {
    const { note, verifierKey } = await (await open()).sign(treeOf('a', 'b'));
    const root = treeOf('a', 'b').root().toString('base64');
    expect(note.split('\n').slice(0, 4)).toEqual([NAME, '2', root, '']);
    expect(note.split('\n')[4]).toMatch(/^\u2014 tidewatch\.example\/test [A-Za-z0-9+/]{91}=$/);
    expect(openCheckpoint(note, verifierKey)).toEqual({
      size: 2,
      root: treeOf('a', 'b').root().toString('hex'),
    });
    const witnessed = `${note}\u2014 witness.example AAAA\n`;
    expect(openCheckpoint(witnessed, verifierKey).size).toBe(2);
  });

  it.each([
    ['another size', (note: string) => note.replace('\n2\n', '\n3\n')],
    [
      'another root',
      (note: string) => note.replace(/\n2\n./, (start) => (start.endsWith('A') ? '\n2\nB' : '\n2\nA')),
    ],
    ['another signature', (note: string) => note.replace(/.{9}=\n$/, 'AAAAAAAA0=\n')],
    ['no signature', (note: string) => note.slice(0, note.indexOf('\u2014'))],
    ['no empty line', (note: string) => note.replace('\n\n', '\n')],
    ['a line more', (note: string) => note.replace('\n\n', '\nextra\n\n')],
  ])('is refused with %s', async (_, forge) => {
    const { note, verifierKey } = await (await open()).sign(treeOf('a', 'b'));
    expect(forge(note)).not.toBe(note);
    expect(() => openCheckpoint(forge(note), verifierKey)).toThrow(BadCheckpoint);
  });

  it('is refused by another key', async () => {
    const { note } = await (await open()).sign(treeOf('a'));
    const other = await open(
      generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    ).catch((error: unknown) => error);
    expect(other).toBeInstanceOf(BadCheckpoint);
    expect(() => openCheckpoint(note, KEY)).toThrow(BadCheckpoint);
  });
});

describe('Checkpoints', () => {
  it('keep key and newest checkpoint across restarts, the key for the owner only', async () => {
    const first = await open();
    const signed = await first.sign(treeOf('a', 'b'));
    const second = await open();
    expect(second.verifierKey).toBe(first.verifierKey);
    expect(second.latest).toEqual(signed);
    expect(await readCheckpoint(directory)).toEqual(signed);
    expect((await stat(join(directory, 'ledger-key.pem'))).mode & 0o777).toBe(0o600);
    expect(await second.sign(treeOf('a', 'b'))).toEqual(signed);
    expect((await second.sign(treeOf('a', 'b', 'c'))).head.size).toBe(3);
  });

  it('never sign a log that was cut or rewritten, before and after a restart', async () => {
    await (await open()).sign(treeOf('a', 'b', 'c'));
    const checkpoints = await open();
    await expect(checkpoints.sign(treeOf('a', 'b'))).rejects.toThrow(InconsistentLog);
    await expect(checkpoints.sign(treeOf('a', 'x', 'c', 'd'))).rejects.toThrow('history was rewritten');
    expect(checkpoints.latest?.head.size).toBe(3);
    expect((await checkpoints.sign(treeOf('a', 'b', 'c', 'd'))).head.size).toBe(4);
  });

  it('do not go on from a checkpoint somebody edited', async () => {
    await (await open()).sign(treeOf('a', 'b', 'c'));
    const file = join(directory, 'ledger-checkpoint');
    await writeFile(file, (await readFile(file, 'utf8')).replace('\n3\n', '\n1\n'));
    await expect(open()).rejects.toThrow('cannot be continued');
    await expect(readCheckpoint(directory)).rejects.toThrow(BadCheckpoint);
  });

  it('are not there before the first', async () => {
    expect(await readCheckpoint(directory)).toBeNull();
    expect((await open()).latest).toBeNull();
  });

  it('sign with Ed25519 only', async () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
      type: 'pkcs8',
      format: 'pem',
    });
    await expect(open(rsa.toString())).rejects.toThrow('it has to be ed25519');
  });
});

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tarOf } from './tar.js';
import { isTar, untar } from './untar.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tidewatch-untar-'));
});
afterAll(async () => rm(folder, { recursive: true }));

/** An archive of files with these names and contents. */
async function archive(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const listed = await Promise.all(
    Object.entries(files).map(async ([name, text], i) => {
      const path = join(folder, `source-${i}`);
      await writeFile(path, text);
      return { name, path, bytes: Buffer.byteLength(text) };
    }),
  );
  const chunks: Buffer[] = [];
  for await (const chunk of tarOf(listed, new Date('2026-11-26T10:00:00Z'))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function kept(bytes: Buffer): Promise<string> {
  const path = join(folder, 'some.tar');
  await writeFile(path, bytes);
  return path;
}

it('gives back what was packed, empty files and those of whole blocks too', async () => {
  const files = { 'a.txt': 'a', 'policies/b.json': 'b'.repeat(1024), empty: '' };
  const path = await kept(await archive(files));
  expect(await isTar(path)).toBe(true);
  await untar(path, join(folder, 'out'));
  for (const [name, text] of Object.entries(files))
    expect(await readFile(join(folder, 'out', name), 'utf8')).toBe(text);
});

it('names an archive that is cut off', async () => {
  const whole = await archive({ 'a.txt': 'a'.repeat(700) });
  await expect(untar(await kept(whole.subarray(0, 512 + 512)), join(folder, 'cut'))).rejects.toThrow(
    /is cut off/,
  );
});

it.each(['../outside', '/outside', 'in/../../outside', 'in\\outside'])(
  'writes nothing to %s',
  async (name) => {
    const path = await kept(await archive({ [name]: 'x' }));
    await expect(untar(path, join(folder, 'bad'))).rejects.toThrow(/which no evidence pack has/);
  },
);

it('takes an export for no archive', async () => {
  expect(await isTar(await kept(Buffer.from('{"kind":"header"}\n')))).toBe(false);
});

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { stretch } from './request.js';

it('something can lie in every stretch of time that is asked for', () => {
  const [since, until] = ['2026-11-21T00:00:00Z', '2026-11-22T00:00:00Z'];
  expect(stretch({ since, until })).toEqual([new Date(since), new Date(until)]);
  expect(stretch({ since, until: null })).toEqual([new Date(since), null]);
  expect(() => stretch({ since: until, until: since })).toThrow(/^until: .* lies before since/u);
  expect(() => stretch({ since, until: since })).toThrow(/^until: .* is since, and the end does not belong to it/u);
}); // prettier-ignore

it('nobody reads the two ends of one by themselves', async () => {
  const names = (await readdir(import.meta.dirname)).filter((name) => /(?:resolver|stretch|input)\.ts$/u.test(name));
  const texts = await Promise.all(names.map(async (name) => [name, await readFile(join(import.meta.dirname, name), 'utf8')] as const));
  const apart = texts.filter(([, text]) => /\binstant\((?:\w+\.)?since\)/u.test(text) && /\binstant\((?:\w+\.)?until\)/u.test(text));
  expect(apart.map(([name]) => name)).toEqual([]);
}); // prettier-ignore

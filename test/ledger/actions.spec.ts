import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { ACTIONS, SUBJECT_TYPES } from '../../src/domain/actions.js';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

it('lists every action that any decision is recorded under', async () => {
  const files = (await readdir(SRC, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'),
  );
  const texts = await Promise.all(files.map(async (name) => readFile(join(SRC, name), 'utf8')));
  const used = texts.flatMap((text) =>
    [...text.matchAll(/\baction: '([a-z_]+\.[a-z_]+)'/g)].map(([, name]) => name!),
  );
  expect(used.length).toBeGreaterThan(5);
  expect([...new Set(used)].filter((name) => !(name in ACTIONS))).toEqual([]);
});

it('names them noun.verb_past, as the ledger demands', () => {
  expect(Object.keys(ACTIONS).filter((name) => !/^[a-z_]+\.[a-z_]+$/.test(name))).toEqual([]);
});

it('lists every kind of thing that an entry is written about', async () => {
  const files = (await readdir(SRC, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'),
  );
  const texts = await Promise.all(files.map(async (name) => readFile(join(SRC, name), 'utf8')));
  const used = texts.flatMap((text) =>
    [...text.matchAll(/subject(?: =|:) \{ type: '([a-z_]+)'|_SUBJECT = '([a-z_]+)'/g)].map(
      ([, a, b]) => a ?? b!,
    ),
  );
  expect([...new Set(used)].toSorted()).toEqual([...SUBJECT_TYPES].toSorted());
});

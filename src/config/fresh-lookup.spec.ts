import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freshLookup } from './fresh-lookup.js';

it('reads a secret of a file again at every look, and knows none while the file is away', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tidewatch-secret-'));
  const file = join(folder, 'token');
  const lookup = freshLookup({ A_TOKEN_FILE: file, DIRECT: 'as it is' });
  expect([lookup('DIRECT'), lookup('A_TOKEN'), lookup('NOTHING')]).toEqual([
    'as it is',
    undefined,
    undefined,
  ]);
  writeFileSync(file, 'old\n');
  expect(lookup('A_TOKEN')).toBe('old');
  writeFileSync(file, 'new\n');
  expect(lookup('A_TOKEN')).toBe('new');
  rmSync(folder, { recursive: true });
});

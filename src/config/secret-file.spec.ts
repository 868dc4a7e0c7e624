import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { secretFile } from './secret-file.js';

const folder = mkdtempSync(join(tmpdir(), 'tidewatch-secret-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('makes a secret once, for its owner alone, and leaves nothing beside it', () => {
  const path = join(folder, 'made');
  const secret = secretFile(path);
  expect(secret).toMatch(/^[0-9a-f]{64}$/u);
  expect(secretFile(path)).toBe(secret);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(existsSync(`${path}.new`)).toBe(false);
});

it.each([
  ['nothing, as a full disk leaves it', ''],
  ['half of it', 'a'.repeat(32)],
  ['something else', 'z'.repeat(64)],
])('accepts no file that holds %s, names it, and leaves it as it is', (_, content) => {
  const path = join(folder, 'wrong');
  writeFileSync(path, content);
  expect(() => secretFile(path)).toThrow(`${path}: holds ${content.length} characters`);
  expect(readFileSync(path, 'utf8')).toBe(content);
});

it('writes over what an interrupted start left', () => {
  const path = join(folder, 'again');
  writeFileSync(`${path}.new`, 'half');
  expect(secretFile(path)).toMatch(/^[0-9a-f]{64}$/u);
});

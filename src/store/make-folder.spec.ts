import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeFolder } from './make-folder.js';

const folder = mkdtempSync(join(tmpdir(), 'tidewatch-folder-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('makes what is missing above it, once and again', () => {
  const path = join(folder, 'a', 'b c', 'ü');
  makeFolder(path);
  makeFolder(path);
  expect(statSync(path).isDirectory()).toBe(true);
});

it('says in words what stands in the way, and the setting', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => makeFolder(join(folder, 'file'))).toThrow(/file cannot be written to \(EEXIST: a file stands in its place\); name another with TIDEWATCH_DATA_DIR/u);
  expect(() => makeFolder(join(folder, 'file', 'engine'))).toThrow(/a file stands in its place/u);
}); // prettier-ignore

it.runIf(process.platform === 'linux')('ends where the kernel makes no folder', () => {
  expect(() => makeFolder('/proc/x/engine')).toThrow(/cannot be written to \(ENOENT: no folder can be made there\)/u);
}); // prettier-ignore

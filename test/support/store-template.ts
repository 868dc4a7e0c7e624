import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const PROGRAM = fileURLToPath(new URL('store-template.mjs', import.meta.url));
const LOADER = new URL('typescript.mjs', import.meta.url).href;
/** How worker processes learn of it: what stands in the environment of vitest stands in theirs. */
const TEMPLATE = 'TIDEWATCH_TEST_TEMPLATE';

/**
 * Set-up of a run of vitest: a store with all tables and no row, made once. Thirty-five migrations take seconds, and most specs are not about
 * them. One a run, however many projects ask for it.
 */
export default async function makeTemplate(): Promise<(() => void) | undefined> {
  if (process.env[TEMPLATE] !== undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'tidewatch-template-'));
  await promisify(execFile)(process.execPath, ['--import', LOADER, PROGRAM, folder]);
  process.env[TEMPLATE] = folder;
  return () => {
    delete process.env[TEMPLATE];
    rmSync(folder, { recursive: true, force: true });
  };
}

/** Puts an empty store with all tables into a folder that has none yet. Outside vitest nothing: what opens the folder makes the tables. */
export function layStore(folder: string): void {
  const template = process.env[TEMPLATE];
  if (template === undefined || existsSync(join(folder, 'store'))) return;
  cpSync(template, folder, { recursive: true, verbatimSymlinks: true });
}

import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lawless } from './file-remarks.js';

it('says that nobody is told where no policy is in force, and which folder has none', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'tidewatch-remarks-')));
  expect(lawless([], folder)).toEqual([
    `no policy is in force, so nothing that is found becomes an incident and nobody is told: no files in ${folder}; set TIDEWATCH_POLICIES_DIR to a folder of policies`,
  ]);
  expect(lawless([], join(folder, 'policies'))[0]).toContain(`there is no ${join(folder, 'policies')};`);
});

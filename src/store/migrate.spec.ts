import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pendingMigrations } from './migrate.js';
import { readMigrations } from './migration-files.js';
import { renderMigration } from './migration-template.js';

describe('templates', () => {
  const text = 'CREATE TABLE t {{on_cluster}} (x UInt8) ENGINE = {{engine:ReplacingMergeTree}}(x)';

  it('fill in for one server and for a cluster', () => {
    expect(renderMigration(text, 'single')).toBe('CREATE TABLE t  (x UInt8) ENGINE = ReplacingMergeTree(x)');
    expect(renderMigration(text, { cluster: '{cluster}' })).toBe(
      "CREATE TABLE t ON CLUSTER '{cluster}' (x UInt8) ENGINE = ReplicatedReplacingMergeTree(x)",
    );
  });

  it('refuse what they do not know', () => {
    expect(() => renderMigration('{{engin:MergeTree}}', 'single')).toThrow(
      'unknown template {{engin:MergeTree}}',
    );
    expect(() => renderMigration(text, { cluster: "x' SYNC" })).toThrow('is not a plain word');
  });
});

describe('files', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tidewatch-migrations-'));
  });
  afterEach(async () => rm(directory, { recursive: true }));
  const put = async (name: string, text = 'SELECT 1'): Promise<void> =>
    writeFile(join(directory, name), text);

  it('come by number, gaps allowed, other files left alone', async () => {
    await Promise.all([put('0010_b.sql'), put('0002_a.sql'), put('README.md')]);
    expect((await readMigrations(directory)).map(({ name, number }) => [number, name])).toEqual([
      [2, '0002_a'],
      [10, '0010_b'],
    ]);
  });

  it('are refused when misnamed or numbered twice', async () => {
    await put('0001_a.sql');
    await put('0001_b.sql');
    await expect(readMigrations(directory)).rejects.toThrow('two migrations have the number 1');
    await put('2_c.sql');
    await expect(readMigrations(directory)).rejects.toThrow('2_c.sql is not named');
  });
});

describe('history', () => {
  const file = (number: number, checksum = 'c') => ({ number, name: `000${number}_x`, text: '', checksum });

  it('leaves what was not applied', () => {
    expect(pendingMigrations([file(1), file(2), file(4)], [file(1)]).map(({ number }) => number)).toEqual([
      2, 4,
    ]);
    expect(pendingMigrations([file(1)], [file(1)])).toEqual([]);
  });

  it.each([
    ['MIGRATION_CHANGED', [file(1, 'other')], [file(1)]],
    ['MIGRATION_MISSING', [file(2)], [file(1)]],
    ['MIGRATION_ORDER', [file(1), file(2), file(3)], [file(1), file(3)]],
  ])('%s', (code, files, history) => {
    expect(() => pendingMigrations(files, history)).toThrow(
      expect.objectContaining({ code, retryable: false }),
    );
  });
});

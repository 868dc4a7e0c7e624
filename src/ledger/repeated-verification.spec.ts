import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestDatabase, type TestDatabase } from '../../test/support/database.js';
import { again, rewrite, ten } from '../../test/support/ledger-ground.js';
import { Log } from '../telemetry/log.js';
import { Ledger } from './ledger.js';
import { lastOf, RepeatedVerification } from './repeated-verification.js';

const NOW = new Date('2026-11-21T10:00:00.123Z');
let test: TestDatabase;
beforeAll(async () => {
  test = await openTestDatabase();
});
afterAll(async () => test.close());
beforeEach(async () => test.database.command('TRUNCATE TABLE ledger'));

const open = async (): Promise<Ledger> =>
  Ledger.open({ database: test.database, clock: { now: () => NOW }, log: Log.silent(), projections: [] });

describe('a verification that is repeated', () => {
  it('says the same as the first, and finds what was changed or added since', async () => {
    const ledger = await open();
    await ledger.transact(ten);
    const verification = new RepeatedVerification(test.database, 4);
    expect(await again(verification, ledger)).toMatchObject({ valid: true, entries: 10 });
    await ledger.transact(ten);
    expect(await again(verification, ledger)).toMatchObject({ valid: true, entries: 20, root: ledger.root });
    await rewrite(test.database, `ALTER TABLE ledger UPDATE actor_id = 'mallory' WHERE seq = 2`);
    expect((await again(verification, ledger)).problem).toContain('the column actor does not say');
    await rewrite(test.database, `ALTER TABLE ledger UPDATE actor_id = 'tidewatch' WHERE seq = 2`);
    expect((await again(verification, ledger)).valid).toBe(true);
    await rewrite(
      test.database,
      `ALTER TABLE ledger UPDATE entry = replace(entry, '"i":9', '"i":8') WHERE seq = 20`,
    );
    expect((await again(verification, ledger)).problem).toContain('entry 20 was changed');
  });

  it('does not go on from another log', async () => {
    const ledger = await open();
    await ledger.transact(ten);
    const verification = new RepeatedVerification(test.database, 4);
    await again(verification, ledger);
    const heads = [{ size: 4, root: '0'.repeat(64) }];
    const found = await lastOf(verification.steps({ heads, upTo: 10, tree: ledger.tree }));
    expect(found.problem).toContain('history was rewritten');
  });
});

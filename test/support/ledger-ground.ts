import { type NewEntry, SYSTEM } from '../../src/domain/ledger-entry.js';
import type { Ledger } from '../../src/ledger/ledger.js';
import { lastOf, type RepeatedVerification } from '../../src/ledger/repeated-verification.js';
import type { Verification } from '../../src/ledger/verification.js';
import type { Database } from '../../src/store/database.js';

/** Ten entries: every third is a decision, the rest is noise. */
export const ten = (at: Date): NewEntry[] =>
  Array.from({ length: 10 }, (_, i) => ({
    action: i % 3 === 0 ? 'thing.decided' : 'noise.made',
    actor: SYSTEM,
    at,
    subject: { type: 'thing', id: `t${i}` },
    data: { i },
  }));

/** Changes stored rows behind the ledger's back, at once. */
export const rewrite = async (database: Database, sql: string): Promise<void> =>
  database.command(sql, { settings: { mutations_sync: 1 } });

/** Verifies a log as it is in memory, going on from what was found right before. */
export const again = async (verification: RepeatedVerification, ledger: Ledger): Promise<Verification> =>
  lastOf(
    verification.steps({
      heads: [{ size: ledger.size, root: ledger.root }],
      upTo: ledger.size,
      tree: ledger.tree,
    }),
  );

import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { auditDatabase, type Audit, type AuditGround } from '../ledger/audit-database.js';
import { knownLedgerKey } from '../ledger/ledger-key.js';
import { packageFolder } from '../config/package-folder.js';
import type { Database } from '../store/database.js';
import { migrationStatus } from '../store/migration-status.js';
import { CliError } from './exit.js';

/** Verifies the ledger of a store that no service holds, with the checkpoints and the key of the configuration, and what an auditor brought. */
export async function auditStore(
  database: Database,
  config: Config,
  brought: Pick<AuditGround, 'kept' | 'trustedKey' | 'witnesses'> = {},
): Promise<Audit> {
  const due = (await migrationStatus(database, join(packageFolder(), 'migrations'))).filter(
    ({ applied }) => !applied,
  );
  if (due.length > 0)
    throw new CliError('the store is of an older version: run tidewatch migrate first', 'schema_due');
  const { TIDEWATCH_DATA_DIR: directory, TIDEWATCH_CHECKPOINT_SINK: sink } = config;
  return auditDatabase(database, { directory, sink, key: await knownLedgerKey(config), ...brought });
}

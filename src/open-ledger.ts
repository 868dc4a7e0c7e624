import { join } from 'node:path';
import { secretFile } from './config/secret-file.js';
import type { Folds } from './folds.js';
import { Checkpoints, localKey, readCheckpoint } from './ledger/checkpoints.js';
import { Ledger } from './ledger/ledger.js';
import type { Surroundings } from './open-outbox.js';
import { sharedKeys, type SharedKeys } from './replicas/shared-keys.js';
import type { Database } from './store/database.js';

export interface OpenLedger {
  readonly ledger: Ledger;
  readonly checkpoints: Checkpoints;
  /** What tokens of training jobs are derived from. */
  readonly callbackSecret: string;
}

/** Rebuilds every state from the log, and finds the keys that it is signed with: those of the data folder, or those that all processes share. */
export async function openLedger(
  { config, clock, log }: Surroundings,
  database: Database,
  folds: Folds,
): Promise<OpenLedger> {
  const { TIDEWATCH_DATA_DIR: directory, TIDEWATCH_CHECKPOINT_SINK: sink } = config;
  let checkpoints: Checkpoints | null = null;
  // Whether it can be continued is looked at when the key is known.
  const before = await readCheckpoint(directory, sink).catch(() => null);
  const signed = () => (checkpoints?.latest ?? before)?.head ?? null;
  const projections = Object.values(folds);
  const options = { database, clock, log: log.of('ledger'), projections, signed };
  // Only judgements that may not be stored yet are wanted, and those are the newest.
  const ledger = await Ledger.open({ ...options, recentOnly: ['window.evaluated'] });
  const own = async (): Promise<SharedKeys> => ({
    ledgerKey: await localKey(directory),
    callbackSecret: secretFile(join(directory, 'callback-secret')),
  });
  const { adopted } = folds;
  const shared = { database, ledger, adopted, secret: config.TIDEWATCH_SHARED_SECRET, own };
  const keys = database.mode === 'server' ? await sharedKeys(shared) : await own();
  const place = { directory, name: 'tidewatch', ...(sink === undefined ? {} : { sink }) };
  checkpoints = await Checkpoints.open({ ...place, privateKey: keys.ledgerKey });
  return { ledger, checkpoints, callbackSecret: keys.callbackSecret };
}

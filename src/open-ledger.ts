import { join } from 'node:path';
import { checkpointSinks, witnessesOf } from './checkpoint-sinks.js';
import { ConfigError } from './config/config.js';
import { secretFile } from './config/secret-file.js';
import { invariant } from './domain/invariant.js';
import type { Folds } from './folds.js';
import { Checkpoints } from './ledger/checkpoints.js';
import { entrySeal } from './ledger/entry-seal.js';
import { Ledger } from './ledger/ledger.js';
import { LedgerSnapshots } from './ledger/ledger-snapshot.js';
import { givenKey, ledgerKey } from './ledger/ledger-key.js';
import { distrustChanged, signOrDistrust } from './ledger/vouch.js';
import type { Surroundings } from './open-outbox.js';
import { AdoptedKey } from './replicas/adopted-key.js';
import { adoptedId, adoptKeys, sharedKeys, type KeyStore, type SharedKeys } from './replicas/shared-keys.js';
import type { Database } from './store/database.js';

export interface OpenLedger {
  readonly ledger: Ledger;
  readonly checkpoints: Checkpoints;
  /** What tokens of training jobs are derived from. */
  readonly callbackSecret: string;
}

/**
 * Finds the key that entries are known by and checkpoints signed with (of the environment, the data folder, or what all processes share), and rebuilds
 * every state from the log. Throws ConfigError and LedgerUntrusted.
 */
export async function openLedger(
  surroundings: Surroundings,
  database: Database,
  folds: Folds,
): Promise<OpenLedger> {
  const { config, clock, log } = surroundings;
  const { TIDEWATCH_DATA_DIR: directory, TIDEWATCH_CHECKPOINT_SINK: sink } = config;
  const { ledgerKey: privateKey, callbackSecret } = await keysOf(surroundings, database);
  const place = {
    directory,
    name: config.TIDEWATCH_LEDGER_NAME,
    ...(sink === undefined ? {} : { sink }),
    sinks: checkpointSinks(config),
  };
  const opened: { ledger?: Ledger } = {};
  const witnesses = witnessesOf(config, () => {
    invariant(opened.ledger, 'the log is open before anything of it is published');
    return opened.ledger;
  });
  const checkpoints = await Checkpoints.open({ ...place, privateKey, ...(witnesses ? { witnesses } : {}) });
  const signed = () => checkpoints.latest?.head ?? null;
  const projections = Object.values(folds);
  const accepted = config.TIDEWATCH_LEDGER_TRUST;
  const ledger = await Ledger.open({
    database,
    clock,
    log: log.of('ledger'),
    projections,
    signed,
    seal: entrySeal(privateKey),
    ...(accepted ? { accepted } : {}),
    // Only judgements that may not be stored yet are wanted, and those are the newest.
    recentOnly: ['window.evaluated'],
    snapshots: new LedgerSnapshots(directory, privateKey),
  });
  opened.ledger = ledger;
  // From here on a store that was emptied, or began anew, is known from the one that was there.
  // Rows that somebody else wrote are recorded first, so that no signature stands behind one of which the log does not say so.
  // That the log is another one is said at once all the same: a person may look into such rows before anything is signed.
  if (folds.refusals.unrecorded(ledger.refused).length === 0) await signOrDistrust(ledger, checkpoints);
  else await distrustChanged(ledger, checkpoints);
  return { ledger, checkpoints, callbackSecret };
}

/** The keys of this process, or with a server those of all. One that was given is never put into the store. */
async function keysOf(surroundings: Surroundings, database: Database): Promise<SharedKeys> {
  const { config } = surroundings;
  const given = await givenKey(config);
  const own = async (): Promise<SharedKeys> => ({
    ledgerKey: given ?? (await ledgerKey(config)),
    callbackSecret: secretFile(join(config.TIDEWATCH_DATA_DIR, 'callback-secret')),
  });
  if (database.mode !== 'server') return own();
  const place = { database, secret: config.TIDEWATCH_SHARED_SECRET };
  const known = await adoptedId(database);
  const id = known ?? (await adoptOwn(surroundings, place, { own: await own(), isGiven: given !== null }));
  const { ledgerKey: shared, callbackSecret } = await sharedKeys(place, id);
  const key = given ?? shared;
  if (key === '')
    throw new ConfigError([
      'TIDEWATCH_LEDGER_KEY: the other processes on this store were given their key; give this one the same',
    ]);
  return { ledgerKey: key, callbackSecret };
}

/** Offers this process's keys to all. Which are in force says an entry that is found before it is known whose entries to believe. */
async function adoptOwn(
  { clock, log }: Surroundings,
  place: KeyStore,
  { own, isGiven }: { readonly own: SharedKeys; readonly isGiven: boolean },
): Promise<string> {
  const { database } = place;
  const adopted = new AdoptedKey();
  const options = { database, clock, log: log.of('ledger'), projections: [adopted] };
  const ledger = await Ledger.open({ ...options, seal: entrySeal(own.ledgerKey), isProvisional: true });
  return adoptKeys(place, { ...own, ...(isGiven ? { ledgerKey: '' } : {}) }, { ledger, adopted });
}

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ConfigError } from '../config/config.js';
import { CodedError } from '../domain/coded-error.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { Database } from '../store/database.js';
import type { AdoptedKey } from './adopted-key.js';
import { sealText, unsealText } from './sealed-text.js';

const Keys = z.object({
  /** Private key that checkpoints are signed with, PEM. */
  ledgerKey: z.string(),
  /** What tokens of training jobs are derived from. */
  callbackSecret: z.string(),
});
/** Keys that every process of a store needs, so that what one signs another can go on with. */
export type SharedKeys = z.infer<typeof Keys>;

/** The keys that the ledger names are not in the store. */
export class KeysMissing extends CodedError {
  override readonly name = 'KeysMissing';
  readonly code = 'keys_missing';
}

export interface KeyStore {
  readonly database: Database;
  /** Seals them in the store; without it whoever can read the store can sign. */
  readonly secret: string | undefined;
}

/** Where it is decided whose keys are everybody's. */
export interface Adoption {
  readonly ledger: { transact(decide: (now: Date) => readonly NewEntry[]): Promise<unknown> };
  readonly adopted: AdoptedKey;
}

const Adopted = z.object({ data: z.object({ keys: z.string() }) });

/** Name of the keys that the log says are in force, read before it is known which of its entries to believe; null where there are none. */
export async function adoptedId(database: Database): Promise<string | null> {
  const [row] = await database.query<{ entry: string }>(
    `SELECT entry FROM ledger WHERE action = 'ledger.key_adopted' AND seq > 0 ORDER BY seq, hash LIMIT 1`,
  );
  return row ? Adopted.parse(JSON.parse(row.entry)).data.keys : null;
}

/** Makes a process's own keys everybody's, unless another was faster; the name of those in force. */
export async function adoptKeys(
  place: KeyStore,
  own: SharedKeys,
  { ledger, adopted }: Adoption,
): Promise<string> {
  const text = JSON.stringify(own);
  const id = createHash('sha256').update(text).digest('hex').slice(0, 32);
  // Stored before anybody can be told to use them.
  await store(place, id, text);
  await ledger.transact((now) => adopted.adopt(id, now));
  return adopted.id ?? id;
}

/** Whether the keys of a store can be read by whoever can read it. */
export async function keysAreOpen(database: Database): Promise<boolean> {
  const rows = await database.query<{ sealed: number }>('SELECT sealed FROM shared_keys FINAL');
  return rows.some(({ sealed }) => sealed === 0);
}

async function store({ database, secret }: KeyStore, id: string, text: string): Promise<void> {
  const content = secret === undefined ? text : sealText(text, secret, id);
  await database.insert('shared_keys', [{ id, sealed: secret === undefined ? 0 : 1, content }]);
}

/** The keys of a name. Throws ConfigError when the secret does not open them, and KeysMissing. */
export async function sharedKeys(parts: KeyStore, id: string): Promise<SharedKeys> {
  const [row] = await parts.database.query<{ sealed: number; content: string }>(
    'SELECT sealed, content FROM shared_keys FINAL WHERE id = {id:String}',
    { params: { id } },
  );
  if (!row)
    throw new KeysMissing(`the store has no keys ${id}: restore the table shared_keys from a back-up`);
  const text = row.sealed === 0 ? row.content : unsealed(row.content, parts.secret, id);
  if (row.sealed === 0 && parts.secret !== undefined) await store(parts, id, text);
  return Keys.parse(JSON.parse(text));
}

function unsealed(content: string, secret: string | undefined, id: string): string {
  const text = secret === undefined ? null : unsealText(content, secret, id);
  if (text !== null) return text;
  const fix = 'set it to the secret that they were sealed with';
  throw new ConfigError([`TIDEWATCH_SHARED_SECRET: does not open the keys that are in the store; ${fix}`]);
}

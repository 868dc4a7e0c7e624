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

export interface SharedKeyParts {
  readonly database: Database;
  readonly ledger: { transact(decide: (now: Date) => readonly NewEntry[]): Promise<unknown> };
  readonly adopted: AdoptedKey;
  /** Seals them in the store; without it whoever can read the store can sign. */
  readonly secret: string | undefined;
  /** This process's own keys, which become everybody's where there are none yet. */
  readonly own: () => Promise<SharedKeys>;
}

/** The keys in force, adopting this process's own where there are none. Throws ConfigError when the secret does not open them, and KeysMissing. */
export async function sharedKeys(parts: SharedKeyParts): Promise<SharedKeys> {
  const { adopted, ledger } = parts;
  if (adopted.id === null) {
    const text = JSON.stringify(Keys.parse(await parts.own()));
    const id = createHash('sha256').update(text).digest('hex').slice(0, 32);
    // Stored before anybody can be told to use them.
    await store(parts, id, text);
    await ledger.transact((now) => adopted.adopt(id, now));
  }
  return load(parts, adopted.id ?? '');
}

/** Whether the keys of a store can be read by whoever can read it. */
export async function keysAreOpen(database: Database): Promise<boolean> {
  const rows = await database.query<{ sealed: number }>('SELECT sealed FROM shared_keys FINAL');
  return rows.some(({ sealed }) => sealed === 0);
}

async function store({ database, secret }: SharedKeyParts, id: string, text: string): Promise<void> {
  const content = secret === undefined ? text : sealText(text, secret, id);
  await database.insert('shared_keys', [{ id, sealed: secret === undefined ? 0 : 1, content }]);
}

async function load(parts: SharedKeyParts, id: string): Promise<SharedKeys> {
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

import { randomBytes } from 'node:crypto';
import type { Ledger } from '../ledger/ledger.js';
import type { KeyRequest } from '../registry/key-request.js';
import { KEY_BYTES, type Keys } from '../registry/keys.js';

/** A key that was made just now; `token` is shown to who asked, once, and known to nobody after. */
export interface MadeKey {
  readonly id: string;
  readonly token: string;
}

/** Makes a key. Throws RegistryError for one that nobody could tell from others, that is good for nothing, or that is over before it begins. */
export async function makeKey(
  { ledger, keys }: { readonly ledger: Ledger; readonly keys: Keys },
  request: KeyRequest,
): Promise<MadeKey> {
  const random = randomBytes(KEY_BYTES);
  // A loser of a race for the next place of the ledger decides again with the same bytes, so that the token is one.
  let made: MadeKey = { id: '', token: '' };
  await ledger.transact((now) => {
    const { id, token, entries } = keys.create(request, random, now);
    made = { id, token };
    return entries;
  });
  return made;
}

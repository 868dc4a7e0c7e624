import type { Actor } from '../domain/ledger-entry.js';
import type { Ledger } from '../ledger/ledger.js';
import type { KeyRequest } from '../registry/key-request.js';
import type { Keys } from '../registry/keys.js';
import { makeKey, type MadeKey } from './make-key.js';

/** Keys are made and ended here, whoever asks. */
export class KeyActions {
  constructor(private readonly ground: { readonly ledger: Ledger; readonly keys: Keys }) {}

  /** As `makeKey` does. */
  async make(request: KeyRequest): Promise<MadeKey> {
    return makeKey(this.ground, request);
  }

  /** Throws RegistryError for a key that is unknown or over. */
  async revoke(id: string, reason: string, actor: Actor): Promise<void> {
    const { ledger, keys } = this.ground;
    await ledger.transact((now) => keys.revoke(id, { actor, reason }, now));
  }
}

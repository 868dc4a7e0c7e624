import type { KeyUses } from '../registry/key-uses.js';
import type { Keys } from '../registry/keys.js';
import type { SignOn } from '../registry/sign-on.js';

export interface AccessGround {
  readonly keys: Keys;
  readonly keyUses: KeyUses;
  /** Null where there are keys alone. */
  readonly signOn: SignOn | null;
}

/** Who may come in, for whoever looks. */
export class AccessReads {
  constructor(private readonly ground: AccessGround) {}

  /** Whether people can sign in beside keys. */
  get canSignIn(): boolean {
    return this.ground.signOn !== null;
  }

  /** Every key ever made, newest last, and when each was last used: another process may have let somebody in. */
  async keys(): Promise<ReturnType<Keys['list']>> {
    await this.ground.keyUses.load();
    return this.ground.keys.list();
  }
}

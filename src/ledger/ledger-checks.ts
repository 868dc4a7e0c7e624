import type { Clock } from '../domain/clock.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import type { Ledger } from './ledger.js';
import type { Verification } from './verification.js';

/** Everything is looked at again so often. */
const LOOKED_AT_AGAIN_MS = 86_400_000;
/** A look gives way to other work after so long, and goes on at the next beat. */
const ONE_LOOK_MS = 5_000;

/** When the whole log was last looked at, and what was found. */
export interface LastCheck {
  readonly at: Date;
  readonly found: Verification;
}

/** How far the look at what a start took over has come, in words; null where all of it was looked at. */
export function checkingText({ checking }: Pick<Ledger, 'checking'>): string | null {
  return checking && `being checked: ${checking.checked} of ${checking.of} entries that the start took over`;
}

/**
 * Looks at every stored byte of the log beside other work: after a start that took a part of it over, and once a day. What is wrong, the ledger says from then on; that
 * nothing was is an entry.
 */
export class LedgerChecks {
  #steps: AsyncGenerator<void, Verification, void> | null = null;
  #turn: Promise<void> | null = null;
  #stopped = false;
  #last: LastCheck | null = null;
  readonly #since: number;

  constructor(
    private readonly ledger: Ledger,
    private readonly clock: Clock,
  ) {
    this.#since = clock.now().getTime();
  }

  /** Null before the first since this process started. */
  get last(): LastCheck | null {
    return this.#last;
  }

  /** One turn of a look that is due or under way. */
  async look(): Promise<void> {
    if (this.#stopped) return;
    this.#turn ??= this.#look().finally(() => (this.#turn = null));
    return this.#turn;
  }

  /** No further turn; resolves when the one at work is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.allSettled([this.#turn]);
  }

  async #look(): Promise<void> {
    if (!this.#steps && !this.#isDue()) return;
    const steps = (this.#steps ??= this.ledger.verifySteps());
    const began = performance.now();
    while (!this.#stopped && performance.now() - began < ONE_LOOK_MS) {
      const step = await steps.next().catch((error: unknown) => {
        this.#steps = null;
        throw error;
      });
      if (step.done) return this.#ended(step.value);
    }
  }

  #isDue(): boolean {
    const since = this.#last?.at.getTime() ?? this.#since;
    return this.ledger.checking !== null || this.clock.now().getTime() - since >= LOOKED_AT_AGAIN_MS;
  }

  async #ended(found: Verification): Promise<void> {
    this.#steps = null;
    this.#last = { at: this.clock.now(), found };
    if (!found.valid) return;
    const { entries, root } = found;
    const subject = { type: 'ledger', id: 'ledger' };
    await this.ledger.transact((at) => [
      { action: 'ledger.checked', actor: SYSTEM, at, subject, data: { entries, root } },
    ]);
  }
}

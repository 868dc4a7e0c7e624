import { AsyncLocalStorage } from 'node:async_hooks';
import { CodedError } from '../domain/coded-error.js';

/** Whoever asked is gone: what was still to be read for them is not read. */
export class AskerLeft extends CodedError {
  override readonly name = 'AskerLeft';
  readonly code = 'asker_left';
  constructor() {
    super('whoever asked is gone: the rest is not read');
  }
}

/** Somebody who waits for an answer, until `signal` is aborted. */
export interface Requester {
  readonly signal: AbortSignal;
  /** Set where work must end once it has begun, whoever waits for it. */
  goesOn: boolean;
}

const asking = new AsyncLocalStorage<Requester | null>();

/** Runs work for somebody: reads that wait for their turn are given up once nobody waits for them. */
export function askedBy<Result>(asker: Requester, work: () => Result): Result {
  return asking.run(asker, work);
}

/** Runs work that is done for others too, or whose end must be known: no reader's leaving ends it. */
export function askedByAll<Result>(work: () => Result): Result {
  return asking.run(null, work);
}

/** The work of this request ends once it has begun, also if nobody waits for it any more: it changes something. */
export function goOnWithout(): void {
  const asker = asking.getStore();
  if (asker) asker.goesOn = true;
}

/** Aborted when nobody waits for what is being read; null where reading goes on anyway. */
export function leaving(): AbortSignal | null {
  const asker = asking.getStore() ?? null;
  return asker === null || asker.goesOn ? null : asker.signal;
}

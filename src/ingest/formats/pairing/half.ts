import type { HalfKey, HalfPart } from '../call.js';
import type { ForeignMessage } from '../message.js';

/** A request or a response with the message it came in. */
export interface Half extends HalfKey {
  readonly message: ForeignMessage;
  readonly part: HalfPart;
  /** Since when it waits, epoch milliseconds of this process's clock. */
  readonly since: number;
}

/** What both sides of a call have in common. */
export function pairName({ group, id }: HalfKey): string {
  return `${group}\n${id}`;
}

import type { Person } from '../domain/person.js';
import { createSilence, expireSilence, type SilenceWish } from '../incidents/silence-commands.js';
import { releaseHeld } from './release-held.js';
import type { Stages } from './stages.js';

/** Makes a silence; its id. Throws a SilenceRefusal. */
export async function silence(stages: Stages, wish: SilenceWish, who: Person): Promise<string> {
  let id = '';
  await stages.ledger.transact((now) => {
    const made = createSilence(wish, who, now);
    id = made.id;
    return [made.entry];
  });
  return id;
}

/** Ends a silence and tells what it held back. Throws a SilenceRefusal. */
export async function endSilence(stages: Stages, id: string, who: Person): Promise<void> {
  await stages.ledger.transact((now) => [expireSilence(stages.silences, id, who, now)]);
  await stages.ledger.transact((now) => releaseHeld(stages, now));
}

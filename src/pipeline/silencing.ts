import type { Person } from '../domain/person.js';
import {
  createSilence,
  expireSilence,
  SilenceRefusal,
  type SilenceWish,
} from '../incidents/silence-commands.js';
import { judgedFeatures } from './judged-features.js';
import { releaseHeld } from './release-held.js';
import type { Stages } from './stages.js';

/** Features named in a refusal. */
const MOST_NAMED = 50;

/** Makes a silence; its id. Throws a SilenceRefusal. */
export async function silence(stages: Stages, wish: SilenceWish, who: Person): Promise<string> {
  await demandFeatures(stages, wish);
  let id = '';
  await stages.ledger.transact((now) => {
    const made = createSilence(wish, who, now);
    id = made.id;
    return [made.entry];
  });
  return id;
}

/** A feature that the model never had would be held back for ever and never met. Throws a SilenceRefusal. */
async function demandFeatures({ database, registry }: Stages, { matchers }: SilenceWish): Promise<void> {
  const exact = (wanted: string) =>
    matchers.find(({ name, value, equal }) => name === wanted && equal !== false && !value.includes('*'))
      ?.value;
  const feature = exact('feature');
  const known = registry.find(exact('model') ?? '');
  if (feature === undefined || !known) return;
  const judged = await judgedFeatures(database, known.model);
  if (judged.length === 0 || judged.includes(feature)) return;
  const near = judged.toSorted().slice(0, MOST_NAMED).join(', ');
  throw new SilenceRefusal(
    'bad_silence',
    'matchers',
    `matchers: ${known.model.key} has no feature "${feature}"; there are ${near}${judged.length > MOST_NAMED ? ` and ${judged.length - MOST_NAMED} more` : ''}`,
  );
}

/** Ends a silence and tells what it held back. Throws a SilenceRefusal. */
export async function endSilence(stages: Stages, id: string, who: Person): Promise<void> {
  await stages.ledger.transact((now) => [expireSilence(stages.silences, id, who, now)]);
  await stages.ledger.transact((now) => releaseHeld(stages, now));
}

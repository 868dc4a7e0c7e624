import { rulesInForce } from '../domain/rules-in-force.js';
import { unmeasuredMinutes } from '../profiles/unmeasured-minutes.js';
import type { RegisteredModel } from '../registry/registry.js';
import type { DueRun } from '../windows/due-windows.js';
import type { Reference } from './reference.js';
import type { Stages } from './stages.js';

type Sources = Pick<Stages, 'database' | 'profiles' | 'writtenRules'>;

/** Windows of a version that are about to be judged. */
interface Coming {
  readonly registered: RegisteredModel;
  readonly version: string;
  readonly reference: Reference;
  readonly runs: readonly DueRun[];
}

/**
 * Measures what people expect in minutes that were summarised before they wrote it, so that every window that is about to be judged is asked of all its
 * rows. Whether there were such minutes. A question to the store once for what is written, and none where nothing is.
 */
export async function measureWritten(
  { database, profiles, writtenRules }: Sources,
  { registered: { model }, version, reference, runs }: Coming,
): Promise<boolean> {
  const baseline = reference.baseline?.id ?? '';
  const rules = rulesInForce(model, reference.baseline).filter(({ rule }) => rule === 'expectation');
  const starts = runs.flatMap(({ track, starts }) => (track === 'inputs' ? starts : []));
  if (rules.length === 0 || starts.length === 0) return false;
  const place = `${model.key}\0${version}`;
  const names = rules.map(({ name }) => name);
  const by = JSON.stringify([baseline, names]);
  const known = writtenRules.get(place);
  const from = starts.reduce((a, b) => Math.min(a, b));
  const isKnown = known?.by === by;
  if (isKnown && known.since <= from) return false;
  const until = isKnown ? known.since : Number.POSITIVE_INFINITY;
  const minutes = await unmeasuredMinutes(database, model.key, {
    version,
    baseline,
    rules: names,
    from,
    until,
  });
  if (minutes.length > 0) await profiles.recompute(model, reference.baseline, version, minutes);
  writtenRules.set(place, { by, since: from });
  return minutes.length > 0;
}

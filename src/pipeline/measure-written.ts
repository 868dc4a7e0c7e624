import { versionPlace } from '../domain/version-place.js';
import { writtenRules } from '../domain/rules-in-force.js';
import { measuredOn } from '../profiles/measured-on.js';
import { unmeasuredMinutes } from '../profiles/unmeasured-minutes.js';
import type { RegisteredModel } from '../registry/registry.js';
import type { DueRun, Track } from '../windows/due-windows.js';
import type { Reference } from './reference.js';
import type { Stages } from './stages.js';

type Sources = Pick<Stages, 'database' | 'profiles' | 'measuredSince'>;

/** Windows of a version that are about to be judged. */
interface Coming {
  readonly registered: RegisteredModel;
  readonly version: string;
  readonly reference: Reference;
  readonly runs: readonly DueRun[];
}

/**
 * Measures what people wrote into the model file in minutes that were summarised before they did, so that every window that is about to be judged is asked
 * of all its rows. Whether there were such minutes. A question to the store once for what is written, and none where nothing is.
 */
export async function measureWritten(stages: Sources, coming: Coming): Promise<boolean> {
  const { profiles } = stages;
  const { registered, version, reference } = coming;
  const place = [registered.model, reference.baseline, version] as const;
  const inputs = await onTrack(stages, coming, 'inputs', async (minutes) =>
    profiles.recompute(...place, minutes),
  );
  const labels = await onTrack(stages, coming, 'labels', async (minutes) =>
    profiles.rejudge(...place, minutes),
  );
  return inputs || labels;
}

/** Measures minutes of the windows of a track that are not measured by what was written for it; whether there were any. */
async function onTrack(
  { database, measuredSince }: Sources,
  { registered: { model }, version, reference, runs }: Coming,
  track: Track,
  measure: (minutes: readonly number[]) => Promise<void>,
): Promise<boolean> {
  const rules = writtenRules(model).filter(
    (rule) => (measuredOn(rule) === 'labels') === (track === 'labels'),
  );
  const starts = runs.flatMap((run) => (run.track === track ? run.starts : []));
  if (rules.length === 0 || starts.length === 0) return false;
  const baseline = reference.baseline?.id ?? '';
  const names = rules.map(({ name }) => name);
  const [place, by] = [`${versionPlace(model.key, version)}\0${track}`, JSON.stringify([baseline, names])];
  const known = measuredSince.get(place);
  const from = starts.reduce((a, b) => Math.min(a, b));
  const isKnown = known?.by === by;
  if (isKnown && known.since <= from) return false;
  const until = isKnown ? known.since : Number.POSITIVE_INFINITY;
  const asked = { version, baseline, rules: names, from, until };
  const minutes = await unmeasuredMinutes(database, model.key, asked);
  if (minutes.length > 0) await measure(minutes);
  measuredSince.set(place, { by, since: from });
  return minutes.length > 0;
}

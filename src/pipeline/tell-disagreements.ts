import { groupBy } from '../domain/group-by.js';
import { versionPlace } from '../domain/version-place.js';
import type { StoredWindow } from '../windows/window.repository.js';
import { addedJson, unrecordedOf } from './unrecorded-judgements.js';
import { changedEntry } from './changed-rows.js';
import { goneEntries } from './gone-judgements.js';
import type { Disagreement } from './judged-before.js';
import type { Stages } from './stages.js';

type Parts = Pick<Stages, 'ledger' | 'changedWindows' | 'channels' | 'deliveries' | 'baseUrl' | 'log'>;

/** Of stored judgements of a version those that the ledger has; the others are recorded as added, and told. */
export async function recordedOf(
  stages: Parts & Pick<Stages, 'recorded' | 'windowTotals'>,
  lines: readonly StoredWindow[],
): Promise<readonly StoredWindow[]> {
  const unrecorded = (await unrecordedOf(stages, lines)).map(({ line }) => line);
  if (unrecorded.length === 0) return lines;
  const byTrack = groupBy(
    unrecorded,
    ({ model, version, track }) => `${versionPlace(model, version)}\0${track}`,
  );
  await tellDisagreements(stages, [...byTrack.values()].flatMap(disagreementOf));
  const isAdded = new Set(unrecorded);
  return lines.filter((line) => !isAdded.has(line));
}

function disagreementOf(lines: readonly StoredWindow[]): readonly Disagreement[] {
  const [first] = lines;
  if (!first) return [];
  const { model, version, track } = first;
  return [{ model, version, track, added: lines.map(addedJson), gone: [] }];
}

/** Records judgements that the store and the ledger do not agree about, each once, and tells the operators. */
export async function tellDisagreements(
  stages: Parts,
  disagreements: readonly Disagreement[],
): Promise<void> {
  for (const { added, gone, ...place } of disagreements)
    await stages.ledger.transact((now) => {
      const fresh = added.filter((one) => !stages.changedWindows.has({ ...place, ...one }));
      return [
        ...changedEntry(stages, place, 'window.results_changed', fresh, now),
        ...goneEntries(stages, place, gone, now),
      ];
    });
}

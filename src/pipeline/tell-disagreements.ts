import { groupBy } from '../domain/group-by.js';
import { versionPlace } from '../domain/version-place.js';
import type { StoredWindow } from '../windows/window.repository.js';
import { addedJson, unrecordedOf } from './unrecorded-judgements.js';
import { changedEntries, type ChangedOnTrack } from './changed-rows.js';
import { goneWindows } from './gone-judgements.js';
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

/** Records judgements that the store and the ledger do not agree about, each once, and tells the operators: of all tracks of a version at once, which one deed has changed. */
export async function tellDisagreements(
  stages: Parts,
  disagreements: readonly Disagreement[],
): Promise<void> {
  const ofVersions = groupBy(disagreements, ({ model, version }) => versionPlace(model, version));
  for (const found of ofVersions.values())
    await stages.ledger.transact((now) =>
      changedEntries(
        stages,
        'window.results_changed',
        found.map((one) => freshOf(stages, one)),
        now,
      ),
    );
}

/** What of it is not recorded yet. */
function freshOf(stages: Parts, { added, gone, ...place }: Disagreement): ChangedOnTrack {
  const fresh = added.filter((one) => !stages.changedWindows.has({ ...place, ...one }));
  return { place, windows: [...fresh, ...goneWindows(stages, place, gone)] };
}

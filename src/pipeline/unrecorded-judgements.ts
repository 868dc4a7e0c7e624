import { groupBy } from '../domain/group-by.js';
import type { Track } from '../windows/due-windows.js';
import type { SealedLine } from '../windows/window-totals.js';
import type { StoredWindow } from '../windows/window.repository.js';
import { recordsAt } from './as-recorded.js';
import type { ChangedJson } from './changed-rows.js';
import { unsealedRows } from './judged-rows.js';
import type { Stages } from './stages.js';

/** A stored judgement that the ledger does not have, and the newest revision that it has of the same window and track; -1 where it has none. */
export interface Unrecorded {
  readonly line: StoredWindow;
  readonly most: number;
}

type Parts = Pick<Stages, 'ledger' | 'recorded' | 'windowTotals'>;

/** The revision of the first judgement on a track: none is less. */
const FIRST: Readonly<Record<Track, number>> = { inputs: 0, labels: 1 };

/** What is found of a line of the list of judged windows that somebody added. */
export function notRecorded(revision: number): string {
  return `revision ${revision} is in the list of judged windows, and the ledger has no such judgement`;
}

/** A line of that list that somebody added, as an entry names it. */
export function addedJson({ from, revision }: Pick<StoredWindow, 'from' | 'revision'>): ChangedJson {
  return { from: new Date(from).toISOString(), revision, digest: notRecorded(revision) };
}

/**
 * Of stored judgements those that the ledger does not have. A judgement is recorded before it is stored, so that a process that ended between the two leaves none. Most
 * are known from the newest entries; of the others what is sealed beside them is read at once; the ledger is asked about what has no seal.
 */
export async function unrecordedOf(
  stages: Parts,
  lines: readonly StoredWindow[],
): Promise<readonly Unrecorded[]> {
  const isSuspect = (line: StoredWindow): boolean => !isKnown(stages, line);
  if (!lines.some(isSuspect)) return [];
  await stages.ledger.refresh(); // what another process stored it recorded before
  const suspects = lines.filter(isSuspect);
  const sealed = new Set((await stages.windowTotals.sealed(suspects)).filter((one) => isSealed(stages, one)).map(keyOf)); // prettier-ignore
  return notInLedger(
    stages,
    suspects.filter((line) => !sealed.has(keyOf(line))),
  );
}

/** Whether what stands beside a stored judgement has a code that only the service can make. */
export function isSealed({ ledger }: Pick<Stages, 'ledger'>, line: SealedLine): boolean {
  return unsealedRows(ledger.codes, line, line.rows) !== null;
}

function isKnown({ recorded }: Parts, { model, version, from, track, revision }: StoredWindow): boolean {
  if (!recorded.knows(model, version, { from, track })) return false;
  return revision <= Math.max(FIRST[track], recorded.find(model, version, { from, track })?.revision ?? -1);
}

async function notInLedger(
  stages: Parts,
  lines: readonly StoredWindow[],
): Promise<readonly Unrecorded[]> {
  const found: Unrecorded[] = [];
  for (const own of groupBy(lines, ({ model, version, track }) => `${track}\0${model}\0${version}`).values()) {
    const [first] = own;
    if (!first) continue;
    const records = await recordsAt(stages.ledger, { ...first, starts: own.map(({ from }) => from) });
    for (const line of own) {
      const most = records.get(line.from)?.record.revision ?? -1;
      if (line.revision > most) found.push({ line, most });
    }
  }
  return found;
} // prettier-ignore

const keyOf = ({ model, version, from, track, revision }: Omit<SealedLine, 'rows'>): string =>
  JSON.stringify([model, version, from, track, revision]);

import { addAll } from '../domain/add-all.js';
import { groupBy } from '../domain/group-by.js';
import { TRACKS, type Track } from '../windows/due-windows.js';
import { windowStart } from '../windows/window.js';
import type { VersionTotals } from '../windows/window-totals.js';
import type { StoredWindow } from '../windows/window.repository.js';
import { absentJudgements, type AbsentJudgements } from './absent-judgements.js';
import { newestRecorded, recordsAt, type RecordedAt } from './as-recorded.js';
import type { ChangedJson, ChangedPlace } from './changed-rows.js';
import { placeOf } from './owed-minutes.js';
import type { Stages } from './stages.js';
import { addedJson, unrecordedOf, type Unrecorded } from './unrecorded-judgements.js';

/** Judgements of a version on a track that the store and the ledger do not agree about. */
export interface Disagreement extends ChangedPlace {
  /** Those that are stored, or named as judged, and were never recorded. */
  readonly added: readonly ChangedJson[];
  /** Those that were recorded, and are not stored any more. */
  readonly gone: readonly RecordedAt[];
}

/** What was judged before: numbers of versions and windows that can still change, as far as the ledger has them. */
export interface JudgedBefore {
  readonly versions: readonly VersionTotals[];
  readonly windows: readonly StoredWindow[];
  readonly disagreements: readonly Disagreement[];
}

type Parts = Pick<Stages, 'windowTotals' | 'ledger' | 'recorded' | 'clock'>;

/** A version as it was read. */
interface ReadVersion {
  readonly totals: VersionTotals;
  readonly lines: readonly StoredWindow[];
  readonly unrecorded: readonly Unrecorded[];
}

/** Whoever adds windows adds them at once: what is found then was hidden behind those that were found before. */
const MOST_ROUNDS = 20;
/** A clock that was set back by less is no sign of anything. */
const AHEAD_MS = 3_600_000;

/**
 * Reads what was judged of some models, or of all for null, and holds it against the ledger in both directions. What the ledger does not have is not obeyed: windows that are
 * judged by what somebody wrote into the store were never judged. Reads nothing more where they agree.
 */
export async function judgedBefore(
  stages: Parts,
  keys: readonly string[] | null,
): Promise<JudgedBefore> {
  const { windowTotals, recorded } = stages;
  const read = await windowTotals.versions(keys);
  const stored = await windowTotals.changeable(read);
  const unrecorded = await unrecordedOf(stages, stored);
  const isWrong = new Set(unrecorded.map(({ line }) => line));
  for (const line of stored) if (!isWrong.has(line)) recorded.stored(line.model, line.version, [line]);
  const lines = groupBy(stored, placeOf);
  const wrong = groupBy(unrecorded, ({ line }) => placeOf(line));
  const found = { versions: [] as VersionTotals[], windows: [] as StoredWindow[], disagreements: [] as Disagreement[] };
  for (const totals of read) {
    const place = placeOf(totals);
    const own = await agreed(stages, { totals, lines: lines.get(place) ?? [], unrecorded: wrong.get(place) ?? [] });
    if (own.totals) found.versions.push(believed(own.totals));
    addAll(found.windows, own.lines);
    addAll(found.disagreements, own.disagreements);
  }
  return found;
} // prettier-ignore

/** How far a version had come is believed to the end of the window after its last: what came since says the rest, and nobody can have it closed by a number in the store. */
function believed(totals: VersionTotals): VersionTotals {
  return { ...totals, watermark: Math.min(totals.watermark, totals.closedTo + totals.widthMs - 1) };
}

interface Agreed {
  /** Null where nothing of it was ever judged. */
  readonly totals: VersionTotals | null;
  readonly lines: readonly StoredWindow[];
  readonly disagreements: readonly Disagreement[];
}

async function agreed(stages: Parts, first: ReadVersion): Promise<Agreed> {
  const { model, version, watermark, widthMs } = first.totals;
  const added = new AddedJudgements(first.totals);
  if (watermark > stages.clock.now().getTime() + AHEAD_MS)
    added.say('inputs', windowStart(watermark, widthMs), `the numbers of all windows say that everything until ${new Date(watermark).toISOString()} was in, and that is ahead of the clock`);
  let read = first;
  let absent: readonly AbsentJudgements[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const { totals, lines, unrecorded } = read;
    absent = await absentJudgements(stages, totals, lines);
    const isNever = absent.some(({ never }) => never.length > 0);
    if (!isNever && unrecorded.length === 0 && !(await isAhead(stages, read))) break;
    const newest = await newestRecorded(stages.ledger, { model, version });
    for (const { line } of unrecorded) added.line(line);
    for (const { track, never } of absent) added.named(track, never);
    if (newest && totals.closedTo > newest.end) added.ahead(totals);
    const limits = unrecorded.map(({ line: { from, track }, most }) => ({ from, track, most }));
    added.limit(limits);
    const never = newest && (await added.never(stages, newest.start));
    const left = newest && never && (await stages.windowTotals.without({ model, version }, { newest: newest.start, ...never }));
    if (!left) return { totals: null, lines: [], disagreements: added.found(absent) };
    const next = { ...left, closedTo: Math.min(left.closedTo, newest.end), widthMs: newest.end - newest.start };
    const held = await stages.windowTotals.changeableUpTo(next, added.limits);
    read = { totals: next, lines: held, unrecorded: await unrecordedOf(stages, held) };
  }
  const isOther = new Set(read.unrecorded.map(({ line }) => line));
  return { totals: read.totals, lines: read.lines.filter((line) => !isOther.has(line)), disagreements: added.found(absent) };
} // prettier-ignore

/** Whether the numbers of a version say that later windows were judged than any that is stored or known to be recorded, and the ledger has none. */
async function isAhead({ recorded, ledger }: Parts, { totals, lines }: ReadVersion): Promise<boolean> {
  const { model, version, closedTo } = totals;
  const end = lines.reduce((last, { to }) => Math.max(last, to), recorded.endOf(model, version));
  if (closedTo <= end) return false;
  await ledger.refresh(); // what another process stored it recorded before
  return closedTo > ((await newestRecorded(ledger, totals))?.end ?? -Infinity);
}

/** What is found of a version that somebody added to the store. */
class AddedJudgements {
  /** By track and start. */
  private readonly windows = new Map<string, { readonly track: Track; readonly window: ChangedJson }>();
  readonly limits: { readonly from: number; readonly track: Track; readonly most: number }[] = [];
  private readonly starts = { judged: new Set<number>(), labels: new Set<number>() };

  constructor(private readonly place: Pick<StoredWindow, 'model' | 'version'>) {}

  say(track: Track, start: number, digest: string): void {
    this.add(track, { from: new Date(start).toISOString(), digest });
  }

  line(line: StoredWindow): void {
    this.add(line.track, addedJson(line));
  }

  /** What is found of a window first stands. */
  private add(track: Track, window: ChangedJson): void {
    const key = `${track}\0${window.from}`;
    if (!this.windows.has(key)) this.windows.set(key, { track, window });
  }

  /** Windows that the numbers of a version have as judged. */
  named(track: Track, starts: readonly number[]): void {
    for (const start of starts) {
      this.starts[track === 'labels' ? 'labels' : 'judged'].add(start);
      this.say(track, start, 'the numbers of all windows have it as judged, and the ledger has no judgement of it'); // prettier-ignore
    }
  }

  /** That windows are named as judged that come after all that were. */
  ahead({ closedTo, widthMs }: VersionTotals): void {
    const until = new Date(closedTo).toISOString();
    this.say('inputs', closedTo - widthMs, `the numbers of all windows say that all until ${until} were judged, and the ledger has no judgement of it`); // prettier-ignore
  }

  /** Revisions of windows that are none. */
  limit(limits: typeof this.limits): void {
    addAll(this.limits, limits);
    for (const { from, track, most } of limits)
      if (most < 0) this.starts[track === 'labels' ? 'labels' : 'judged'].add(from);
  }

  /** Starts of windows until the newest that were never judged, and of those whose labels were not. */
  async never(stages: Parts, newest: number): Promise<{ readonly judged: Iterable<number>; readonly labels: Iterable<number> }> {
    const labels = [...this.starts.labels].filter((start) => start <= newest);
    const records = await recordsAt(stages.ledger, { ...this.place, track: 'inputs', starts: labels });
    const judged = [...this.starts.judged].filter((start) => start <= newest);
    return { judged: [...judged, ...labels.filter((start) => !records.has(start))], labels };
  } // prettier-ignore

  found(absent: readonly AbsentJudgements[]): readonly Disagreement[] {
    const { model, version } = this.place;
    return TRACKS.flatMap((track) => {
      const added = [...this.windows.values()].filter((one) => one.track === track).map(({ window }) => window);
      const gone = absent.find((one) => one.track === track)?.gone ?? [];
      return added.length + gone.length === 0 ? [] : [{ model, version, track, added: added.toSorted((a, b) => a.from.localeCompare(b.from)), gone }];
    });
  } // prettier-ignore
}

import { drawSome } from '../domain/draw-some.js';
import { groupBy } from '../domain/group-by.js';
import { SYSTEM, type LedgerEntry, type NewEntry } from '../domain/ledger-entry.js';
import type { WrittenWindow } from '../windows/changed-windows.js';
import type { Track } from '../windows/due-windows.js';
import { newestOfTracks, recordsIn, recordsOf } from './as-recorded.js';
import { looksOfDay } from './looks-of-day.js';
import type { JudgedOrder, WrittenFound } from './look-at-judged.js';
import { recordLook, recordLooks } from './record-look.js';
import type { Stages } from './stages.js';

/** How many judged windows are looked at again, and by which chance. */
export interface SampleTerms {
  /** At most, by each process; 0 is none. */
  readonly perHour: number;
  /** A number from 0 up to 1, each time another. */
  readonly draw: () => number;
}

const HOUR_MS = 3_600_000;
/** Windows of one entry that are looked at together: they are of one version, and read by one statement. */
const LOOKED_AT_TOGETHER = 20;
/** What somebody looked into is looked at again so seldom, and where nothing else is known to be changed. */
const REVIEWED_EVERY = 7;
/** Entries about something else, or of models that are other processes', are passed over so often before it waits for the next turn. */
const DRAWS = 24;

/**
 * Looks at judged windows again that nothing asks to judge again: some that chance chooses from the ledger, so that who takes a window off the list of judged ones hides
 * nothing. Rows, labels and results that somebody wrote are recorded, and the operators are told, once; those that are as they were again are let go of.
 */
export class JudgedSample {
  private dueAt: number | null = null;
  private turn = 0;
  /** Looks at a day of which something was found, that are still to come. */
  private readonly first: JudgedOrder[] = [];
  private readonly since: Date;

  constructor(
    private readonly stages: Stages,
    private readonly terms: SampleTerms,
  ) {
    this.since = stages.clock.now();
  }

  /** Looks where it is time. */
  async look(): Promise<void> {
    const { clock } = this.stages;
    const { perHour } = this.terms;
    if (perHour === 0) return;
    const now = clock.now().getTime();
    this.dueAt ??= now + HOUR_MS / perHour;
    if (now < this.dueAt) return;
    this.dueAt = now + HOUR_MS;
    const looked = await this.lookAtSome();
    this.dueAt = now + (Math.max(1, looked) * HOUR_MS) / perHour;
  }

  /** Looks at windows of one entry now, or of a day of which something was found or erased, and at one that was found to be changed; how many these were. */
  async lookAtSome(): Promise<number> {
    const { metrics, changedWindows } = this.stages;
    const again = await this.lookAtOpen();
    const ofDay = await this.lookAtDay();
    const entry = ofDay === 0 ? await this.choose() : null;
    const looked = again + ofDay + (entry ? await this.lookAtEntry(entry) : 0);
    metrics.counter('judged_windows_checked_total', 'Judged windows whose stored rows and results were held against the ledger again.').inc(looked);
    metrics.gauge('judged_windows_changed', 'Judged windows whose rows or results somebody wrote in the store, and nobody looked into.').set(changedWindows.open.length);
    return looked;
  } // prettier-ignore

  /** Some windows of a day of which something was found, or a person's rows went; how many. */
  private async lookAtDay(): Promise<number> {
    const { suspectDays, registry, replicas, ledger } = this.stages;
    if (this.first.length === 0) {
      const found = suspectDays.take(this.since, (key) => replicas.holds(key));
      const model = found && registry.find(found.model)?.model;
      if (model) this.first.push(...(await looksOfDay(ledger, model, found.day, LOOKED_AT_TOGETHER)));
    }
    const order = this.first.shift();
    if (order) await recordLook(this.stages, order);
    return order?.records.length ?? 0;
  }

  /** An entry about judged windows, each with the same chance; null where none is found. */
  private async choose(): Promise<LedgerEntry | null> {
    const { ledger, replicas, registry } = this.stages;
    for (let draw = 0; draw < DRAWS && ledger.size > 0; draw++) {
      const seq = 1 + Math.floor(this.terms.draw() * ledger.size);
      const [entry] = await ledger.read({ after: seq - 1, before: seq + 1, actions: ['window.evaluated'], limit: 1 }); // prettier-ignore
      const model = entry?.data['model'];
      if (entry && typeof model === 'string' && registry.find(model) && replicas.holds(model)) return entry;
    }
    return null;
  }

  private async lookAtEntry(entry: LedgerEntry): Promise<number> {
    const chosen = drawSome(recordsIn(entry), LOOKED_AT_TOGETHER, this.terms.draw);
    const { model, version } = entry.data;
    if (typeof model !== 'string' || typeof version !== 'string') return 0;
    const known = this.stages.registry.find(model)?.model;
    if (!known) return chosen.length;
    const byTrack = [...groupBy(chosen, ({ record }) => record.track)];
    await recordLooks(
      this.stages,
      byTrack.map(([track, records]) => ({ model: known, version, track, records, at: entry.at })),
    );
    return chosen.length;
  }

  /** One of those that were found to be changed, in turn, and now and then one that was looked into: where it is as it was judged, that is recorded. */
  private async lookAtOpen(): Promise<number> {
    const { ledger } = this.stages;
    const open = this.nextKnown();
    if (!open) return 0;
    const { model, version, track } = open;
    const from = new Date(open.from);
    const record = newestOfTracks(await recordsOf(ledger, { model, version, from })).find((one) => one.track === track);
    const known = this.stages.registry.find(model)?.model;
    if (!known) return 0;
    const start = from.getTime();
    if (!record) return this.lookAtAdded(open, start);
    const found = await recordLook(this.stages, { model: known, version, track: record.track, records: [{ start, end: start + known.window, record }], at: new Date(0) });
    if (!isStill(open, found)) await ledger.transact((now) => [restored(open, now)]);
    return 1;
  } // prettier-ignore

  /** Those that nobody looked into come first. */
  private nextKnown(): WrittenWindow | undefined {
    const { changedWindows, replicas } = this.stages;
    const turn = this.turn++;
    const isOwn = ({ model }: WrittenWindow): boolean => replicas.holds(model);
    const open = changedWindows.open.filter(isOwn);
    if (open.length > 0) return open[turn % open.length];
    if (turn % REVIEWED_EVERY > 0) return undefined;
    const reviewed = changedWindows.all.map(({ window }) => window).filter(isOwn);
    return reviewed[(turn / REVIEWED_EVERY) % Math.max(1, reviewed.length)];
  }

  /** One that was never recorded: where it is not stored any more, that is recorded. What the numbers of all windows say stays what they say. */
  private async lookAtAdded(open: WrittenWindow, start: number): Promise<number> {
    const { windows, ledger } = this.stages;
    const track: Track = open.track === 'labels' ? 'labels' : 'inputs';
    const line = (await windows.judgements({ ...open, track }, start, start + 1000)).get(start);
    if (!line && open.added !== null) await ledger.transact((now) => [restored(open, now)]);
    return 1;
  }
}

function isStill({ what, from }: WrittenWindow, found: WrittenFound): boolean {
  return what === 'rows' ? found.rows.has(Date.parse(from)) : found.results.some((one) => one.from === from);
}

function restored({ model, version, track, from, what }: WrittenWindow, at: Date): NewEntry {
  const subject = { type: 'model_version', id: `${model}@${version}` };
  const data = { model, version, track, what, windows: [{ from }] };
  return { action: 'window.changes_reviewed', actor: SYSTEM, at, subject, data };
}

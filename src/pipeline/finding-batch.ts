import { addAll } from '../domain/add-all.js';
import { CodedError } from '../domain/coded-error.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { WindowProfile } from '../domain/profile.js';
import type { RegisteredModel } from '../registry/registry.js';
import { DatabaseError } from '../store/database.js';
import { TRACKS, type Track } from '../windows/due-windows.js';
import type { StoredWindow } from '../windows/window.repository.js';
import { decideConsequences } from './evaluate-window.js';
import type { Finding } from './finding.js';
import type { Judgement, Remembered } from './judgement.repository.js';
import { sealedRows } from './judged-rows.js';
import { LawChanged } from './law-changed.js';
import { withJudgedRows } from './look-at-rows.js';
import { referenceId } from './reference.js';
import type { Stages } from './stages.js';
import { windowsEvaluated } from './window-entry.js';
import { memoryDigest } from './window-inputs.js';

/** Windows, and results of them, that are recorded and stored together; more would only fill memory. */
const MOST_WINDOWS_IN_BATCH = 1_000;
const MOST_RESULTS = 200_000;

const DELAYS = [0.1, 0.5, 1, 2, 5, 10, 30, 60, 300];
const DELAY_HELP =
  'From the watermark that closed a window to its verdict, at most: the beat that saw it began then.';

/** Somebody else recorded another judgement of the same window meanwhile; what is due is asked anew at the next beat. */
export class JudgedElsewhere extends CodedError {
  override readonly name = 'JudgedElsewhere';
  readonly code = 'judged_elsewhere';
}

/**
 * Findings of one model version on their way into the ledger and the store. Those from which nothing follows are recorded together, as one
 * entry, at the latest with the next one that has consequences. The store comes after the ledger, and of it the windows table last: a
 * window named there is one whose consequences are all recorded.
 */
export class FindingBatch {
  /** What the last run on each track left. */
  readonly left = new Map<Track, Remembered>();
  private quiet: Finding[] = [];
  private unstored: Finding[] = [];
  private results = 0;
  /** The place in the ledger at which what is to be stored together begins; null before anything is recorded. */
  private began: number | null = null;
  private readonly revisions = new Map<number, number>();
  /** The policies that its windows are judged under. */
  private readonly law: Stages['policies'];

  constructor(
    private readonly stages: Stages,
    private readonly registered: RegisteredModel,
    private readonly version: string,
    /** When the watermark was last looked at before. */
    private readonly since: Date,
  ) {
    this.law = stages.policies;
  }

  /** The revision that a judgement of a window gets, after all that are stored, recorded or under way. */
  nextRevision(from: number): number {
    const { book, recorded } = this.stages;
    const { key } = this.registered.model;
    const entries = TRACKS.map((track) => recorded.find(key, this.version, { from, track })?.revision ?? -1);
    const booked = book.nextRevision(key, this.version, from) - 1;
    return Math.max(booked, this.revisions.get(from) ?? -1, ...entries) + 1;
  }

  /** Takes a finding in; `recorded` is the revision at which the ledger has it already, null where it has not. */
  async add(finding: Finding, recorded: number | null): Promise<void> {
    const { from, revision } = finding.due.window;
    this.revisions.set(from.getTime(), revision);
    const consequences =
      recorded === null ? decideConsequences(this.stages, finding, this.stages.clock.now()) : [];
    if (recorded !== null) this.unstored.push(finding);
    else if (consequences.length === 0) this.quiet.push(finding);
    else await this.record(finding);
    this.results += finding.results.length;
    if (this.isFull || consequences.some(isShown)) await this.flush();
  }

  private get isFull(): boolean {
    return this.quiet.length + this.unstored.length >= MOST_WINDOWS_IN_BATCH || this.results >= MOST_RESULTS;
  }

  /** Notes a window that was judged on the same inputs before. */
  unchanged(window: StoredWindow, { predictions, performance }: WindowProfile): void {
    this.stages.book.judged({ ...window, predictions, labelled: performance.labelled });
  }

  /** Records and stores everything. */
  async flush(): Promise<void> {
    if (this.quiet.length > 0) await this.record(null);
    if (this.unstored.length > 0) await storeAll(this.stages, [this]);
  }

  /** What nothing follows from, on its way into the ledger. */
  get quietFindings(): readonly Finding[] {
    return this.quiet;
  }

  /** The same findings, with what their rows are. */
  looked(findings: readonly Finding[]): void {
    this.quiet = [...findings];
  }

  /** What is recorded and not stored yet. */
  get waiting(): readonly Finding[] {
    return this.unstored;
  }

  /** Whether there is anything to record or to store. */
  get isEmpty(): boolean {
    return this.quiet.length + this.unstored.length === 0;
  }

  /** The entry of what nothing follows from, for a transaction of several; none where it is recorded. Throws JudgedElsewhere, LawChanged and TakenOver. */
  quietEntries(now: Date): readonly NewEntry[] {
    return this.entriesOf(this.quiet, now);
  }

  /** What nothing follows from is recorded. */
  quietRecorded(): void {
    addAll(this.unstored, this.quiet);
    this.quiet = [];
  }

  /** Everything that waited is in the store. */
  stored(rows: readonly StoredWindow[], now: Date): void {
    const { book, recorded } = this.stages;
    for (const row of rows) book.judged(row);
    recorded.stored(this.registered.model.key, this.version, rows);
    this.measure(rows, now);
    [this.unstored, this.results, this.began] = [[], 0, null];
  }

  /** What waited as lines of the table of windows. */
  rows(now: Date): readonly StoredWindow[] {
    const mark = this.stages.book.watermark(this.registered.model, this.version);
    return this.unstored.map((finding) => ({
      ...storedWindow(finding, mark, now),
      rows: this.sealed(finding),
      marks: finding.rows?.marks ?? '',
      truths: this.truthsOf(finding),
    }));
  }

  private truthsOf({ due: { window, track } }: Finding): number {
    const { model, version, from } = window;
    return track === 'labels' ? (this.stages.book.truthsOf(model, version, from.getTime()) ?? 0) : 0;
  }

  private sealed({ due: { window, track }, rows }: Finding): string {
    const { ledger } = this.stages;
    const place = { ...window, from: window.from.getTime(), track };
    return rows ? sealedRows(ledger.codes, place, rows.judged) : '';
  }

  private async record(last: Finding | null): Promise<void> {
    const all = last ? [...this.quiet, last] : this.quiet;
    const findings = await withJudgedRows(this.stages.database, all);
    await this.stages.ledger.transact((now) => {
      const entries = this.entriesOf(findings, now);
      return last && !this.isRecorded(last)
        ? [...entries, ...decideConsequences(this.stages, last, now)]
        : entries;
    });
    this.quiet = [];
    addAll(this.unstored, findings);
  }

  private entriesOf(findings: readonly Finding[], now: Date): readonly NewEntry[] {
    this.stages.replicas.demand(this.registered.model.key);
    if (findings.length > 0 && this.stages.policies !== this.law)
      throw new LawChanged(`policies changed while ${this.registered.model.key}@${this.version} was judged`);
    this.began ??= this.stages.ledger.size + 1;
    const [first, ...others] = findings.filter((finding) => !this.isRecorded(finding));
    return first ? [windowsEvaluated([first, ...others], this.began, now)] : [];
  }

  /** Another replica may have been faster. Throws JudgedElsewhere where it found something else. */
  private isRecorded({ due }: Finding): boolean {
    const { window, track, inputs } = due;
    const at = { from: window.from.getTime(), track };
    const found = this.stages.recorded.find(window.model, window.version, at);
    if (!found || found.revision < window.revision) return false;
    if (found.revision === window.revision && found.inputs === inputs) return true;
    throw new JudgedElsewhere(`${window.model}@${window.version} was judged by another process meanwhile`);
  }

  /** How long after it was known to be complete each window was judged for the first time. */
  private measure(rows: readonly StoredWindow[], now: Date): void {
    const { metrics } = this.stages;
    const first = rows.filter(({ track, revision }) => track === 'inputs' && revision === 0);
    metrics
      .counter('windows_judged_total', 'Windows that were judged, again or for the first time.')
      .inc(rows.length);
    const delay = metrics.histogram('window_judgement_delay_seconds', DELAY_HELP, DELAYS);
    for (const _ of first) delay.observe(Math.max(0, now.getTime() - this.since.getTime()) / 1000);
  }
}

/**
 * Records and stores what waits in several batches: one transaction of the ledger, and an insert a table. Where that fails nothing of it counts as done,
 * and each batch can be flushed by itself. Throws when the database is closed.
 */
export async function flushTogether(
  stages: Pick<Stages, 'database' | 'clock' | 'log' | 'ledger' | 'windows' | 'judgements'>,
  batches: readonly FindingBatch[],
): Promise<void> {
  const full = batches.filter((batch) => !batch.isEmpty);
  if (full.length < 2) return;
  try {
    await lookTogether(stages, full);
    await stages.ledger.transact((now) => full.flatMap((batch) => batch.quietEntries(now)));
    for (const batch of full) batch.quietRecorded();
    await storeAll(stages, full);
  } catch (error) {
    if (error instanceof DatabaseError && error.code === 'CLOSED') throw error;
    stages.log.warn('judgements of several models could not be stored together; now model by model', {
      reason: String(error),
    });
  }
}

async function lookTogether(
  { database }: Pick<Stages, 'database'>,
  batches: readonly FindingBatch[],
): Promise<void> {
  const looked = await withJudgedRows(
    database,
    batches.flatMap(({ quietFindings }) => quietFindings),
  );
  let place = 0;
  for (const batch of batches) batch.looked(looked.slice(place, (place += batch.quietFindings.length)));
}

/** What people are told of, whatever it is: the message about it draws windows as they are stored, and must not say more than it draws. */
function isShown({ action }: NewEntry): boolean {
  return action === 'incident.opened' || action === 'incident.reopened' || action === 'delivery.requested';
}

/** The table of windows comes last: what is named there is recorded and stored. */
async function storeAll(
  stages: Pick<Stages, 'clock' | 'windows' | 'judgements'>,
  batches: readonly FindingBatch[],
): Promise<void> {
  const { clock, judgements, windows } = stages;
  const now = clock.now();
  await judgements.save(
    batches.flatMap(({ waiting }) => waiting.map(judgementOf)),
    now,
  );
  const rows = batches.map((batch) => batch.rows(now));
  await windows.save(rows.flat());
  batches.forEach((batch, i) => batch.stored(rows[i] ?? [], now));
}

function judgementOf({ due, results, memory }: Finding): Judgement {
  return {
    window: due.window,
    track: due.track,
    baseline: referenceId(due.track, due.reference),
    results,
    memory,
  };
}

function storedWindow({ due, memory }: Finding, watermark: number, now: Date): StoredWindow {
  const { window, track, profile, reference, budget, inputs } = due;
  return {
    model: window.model,
    version: window.version,
    from: window.from.getTime(),
    to: window.to.getTime(),
    revision: window.revision,
    track,
    predictions: profile.predictions,
    labelled: profile.performance.labelled,
    baseline: referenceId(track, reference),
    share: budget.share,
    watermark,
    evaluatedAt: now.getTime(),
    inputs,
    memory: memoryDigest(memory),
  };
}

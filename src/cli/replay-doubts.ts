import { countText, spanText } from '../domain/wording.js';
import { ClassDoubts } from './class-doubts.js';
import type { DeclaredModel } from './declared-models.js';
import { DoubtBook, type Doubt, type DoubtKind } from './doubt-book.js';
import { FURTHEST_ZONE_MS, HALF_HOUR_MS, PairLabels, type LoneLabel } from './pair-labels.js';
import { answerIn, type SeenEvent } from './seen-event.js';
import { SentTwice } from './sent-twice.js';
import { versionIn } from './stored-newest.js';

export interface DoubtRules {
  /** Null where the service does not know the model, or was not asked. */
  readonly ruleOf: (model: string) => DeclaredModel | null;
  /** When the events would count as received, epoch ms. */
  readonly received: number;
  /** That `--as-of` said so, in which case nothing is known of when the rows were written. */
  readonly isSaid: boolean;
}

/** Clocks of two machines differ by less. */
const CLOCKS_DIFFER_MS = 300_000;
/** What model files accept that do not say it. */
const USUAL_PAST_MS = 90 * 86_400_000;

/** What the service would take of files, and that is of no use there or means something else than it says. Reads events in the order in which they are sent. */
export class ReplayDoubts {
  private readonly book = new DoubtBook();
  private readonly pairs = new PairLabels();
  private readonly copies = new SentTwice();
  private readonly classes = new ClassDoubts();
  private readonly models = new Set<string>();
  private readonly newest = new Map<string, number>();
  private readonly ahead = new Map<string, number>();
  private readonly refusedAhead = new Map<string, number>();

  /** Whether the event under way would be refused: what is said of it then is why. */
  private isRefused = false;

  constructor(private readonly rules: DoubtRules) {}

  /** Whether nobody said yet how far the stream that an event is of has come at the service. */
  isNewStream(event: SeenEvent): boolean {
    return event.kind === 'prediction' && !this.newest.has(streamOf(event));
  }

  /** Says how far that is, epoch ms; -Infinity where it has not begun. */
  goesOnFrom(event: SeenEvent, newest: number): void {
    this.newest.set(streamOf(event), newest);
  }

  /** An event that would be taken, or refused for its time alone; `written` is when its file was written, epoch ms. */
  see(event: SeenEvent, written: number, isRefused: boolean): void {
    this.models.add(event.model);
    this.isRefused = isRefused;
    this.seeTime(event, this.rules.isSaid ? this.rules.received : Math.min(written, this.rules.received));
    const { isRepeated, isEarly } = this.pairs.see(event);
    if (isEarly) this.note('label_first', event);
    this.classes.see(event);
    if (event.kind === 'label') return;
    if (isRepeated) this.note('same_id', event);
    else if (this.copies.isCopy(event)) this.note('sent_twice', event);
    if (versionIn(event) === 'unversioned') this.note('no_version', event);
    if (this.rules.ruleOf(event.model) === null && isOutside(event)) this.note('score_range', event);
  }

  /** Labels of every model that no prediction of the files is for; none where there were too many names to remember. */
  lone(): ReadonlyMap<string, readonly LoneLabel[]> {
    if (!this.pairs.isWhole) return new Map();
    return new Map([...this.models].map((model) => [model, this.pairs.lone(model)]));
  }

  /** All that is doubtful; `lone` are the labels that still have no prediction, `isAsked` says that the store was asked too. */
  found(lone: ReadonlyMap<string, readonly LoneLabel[]>, isAsked: boolean): readonly Doubt[] {
    return [...this.models].flatMap((model) => [
      ...this.times(model),
      ...this.of(model, 'no_version', 'predictions have no model_version: together they are one version without a name, beside those that have one', 'send model_version with every prediction'),
      ...unmatched(model, lone.get(model) ?? [], isAsked),
      ...this.classes.of(model, this.rules.ruleOf(model)),
      ...this.of(model, 'score_range', 'scores are not from 0 to 1: a score is the probability of the positive class', 'they would be refused'),
      ...this.twice(model),
      ...this.of(model, 'same_id', 'predictions have the id of an earlier one: they are the same prediction, and count once', 'give every prediction an id of its own'),
    ]);
  } // prettier-ignore

  /** What the rows that are refused for being ahead look like, model by model; none where there are none. */
  refusedLines(): readonly string[] {
    return [...this.refusedAhead].map(
      ([model, lead]) => `  ${model}: rows that are refused are ahead by up to ${leadText(lead)}: ${zoneText(wholeHalves(lead))} ${TIME_FIX}`,
    );
  } // prettier-ignore

  private note(kind: DoubtKind, { model, place }: SeenEvent): void {
    if (!this.isRefused) this.book.note(kind, model, place);
  }

  private seeTime(event: SeenEvent, latest: number): void {
    const { at, model, kind } = event;
    if (Number.isNaN(at)) return;
    const lead = at - latest;
    if (lead > CLOCKS_DIFFER_MS) {
      this.note('time_shift', event);
      const leads = this.isRefused ? this.refusedAhead : this.ahead;
      leads.set(model, Math.max(lead, leads.get(model) ?? 0));
    }
    const rule = this.rules.ruleOf(model);
    if (rule === null && at < this.rules.received - USUAL_PAST_MS) this.note('far_behind', event);
    if (kind === 'label') return;
    if (this.isRefused) return;
    const stream = streamOf(event);
    const newest = this.newest.get(stream) ?? -Infinity;
    if (rule && at < newest - rule.lateness) this.note('too_late', event);
    this.newest.set(stream, Math.max(newest, at));
  }

  private times(model: string): readonly Doubt[] {
    const lead = this.ahead.get(model) ?? 0;
    const early = this.pairs.leadOf(model);
    const late = this.rules.ruleOf(model)?.lateness ?? 0;
    const than = this.rules.isSaid ? 'the time they count as received (--as-of)' : 'the file they are in, or now';
    return [
      ...this.of(model, 'time_shift', `events are newer than ${than}, by up to ${leadText(lead)}: ${zoneText(wholeHalves(lead))}`, TIME_FIX),
      ...this.of(model, 'label_first', `labels are from before their prediction${early === null ? '' : `: as if predictions were ${zoneText(early)}`}`, early === null ? 'is prediction_id used again, or are the times of the two swapped?' : TIME_FIX),
      ...this.of(model, 'far_behind', `events are older than ${spanText(USUAL_PAST_MS)}: they would be refused where the model file does not say otherwise`, '--as-of says when the events count as received'),
      ...this.of(model, 'too_late', `predictions come more than ${spanText(late)} (lateness) after newer ones of the files or of the service: they are kept, and no window is judged for them`, 'sort the file by time, send older files first, or give the model a longer lateness'),
    ];
  } // prettier-ignore

  private twice(model: string): readonly Doubt[] {
    const copies = this.book.of('sent_twice', model)?.count ?? 0;
    if (!this.copies.areTold(model, copies)) return [];
    return this.of(model, 'sent_twice', 'predictions repeat the features and the answer of another one within 2 min, under another id: sent twice?', 'keep prediction_id when a request is tried again');
  } // prettier-ignore

  private of(model: string, kind: DoubtKind, what: string, fix: string): readonly Doubt[] {
    const found = this.book.of(kind, model);
    return found ? [{ kind, model, ...found, what, fix }] : [];
  }
}

function streamOf(event: SeenEvent): string {
  return JSON.stringify([event.model, versionIn(event)]);
}

const TIME_FIX = 'write times with their offset, or in UTC with Z (docs/events.md, "Local time sent as UTC")';

function unmatched(model: string, lone: readonly LoneLabel[], isAsked: boolean): readonly Doubt[] {
  const [first] = lone;
  if (!first) return [];
  const where = isAsked ? 'of these files or of the service' : 'of these files';
  return [{ kind: 'unmatched_label', model, count: lone.length, first: first.place, what: `labels match no prediction ${where}: they change no number`, fix: 'is prediction_id the same in both? Send the predictions too' }];
} // prettier-ignore

/** The half hours of a shift that the newest row, which is a little older than its arrival, does not quite show. */
function wholeHalves(leadMs: number): number {
  return Math.ceil((leadMs - CLOCKS_DIFFER_MS) / HALF_HOUR_MS) * HALF_HOUR_MS;
}

/** Such as: `local time 2 h ahead of UTC, sent as UTC?` */
function zoneText(shiftMs: number): string {
  return shiftMs <= FURTHEST_ZONE_MS
    ? `local time ${leadText(shiftMs)} ahead of UTC, sent as UTC?`
    : 'is the clock right?';
}

/** `1 h 55 min` */
function leadText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (hours >= 48) return spanText(ms);
  return [...(hours > 0 ? [`${countText(hours)} h`] : []), ...(rest > 0 ? [`${rest} min`] : [])].join(' ');
}

/** Of a model that nobody knows: scores beside a label are probabilities. */
function isOutside(event: SeenEvent): boolean {
  const { label, score, value } = answerIn(event);
  if (typeof score !== 'number' || label === undefined || label === null || value !== undefined) return false;
  return score < 0 || score > 1;
}

import { correctedMetrics, correctedNames, delaysOf, middleDelay, ripeAge, type Delays } from '../checks/delay-correction.js'; // prettier-ignore
import type { Model } from '../domain/model.js';
import type { Metric, Outcome } from '../domain/outcome.js';
import type { SegmentName } from '../domain/segment-rule.js';
import type { Span } from '../profiles/merge-minutes.js';
import type { DayOfDelays, Outcomes } from '../profiles/outcomes.js';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Days of before all labels are expected from which it is learnt how long they take. */
const LEARNT_DAYS = 30;
/** A day of which so many labels have come is told by them, however young it is. */
const WHOLE = 0.99;
/** Where the newest label is so much older than now, labels have come up to it and no further. */
const FEED_BEHIND = DAY;
/** Windows that are corrected: the newest. */
const MOST_CORRECTED = 200;
/** A window is looked at in parts of a tenth of the time that half of the labels take; in no more than these. */
const PARTS_OF_DELAY = 10;
const MOST_PARTS = 12;

interface Query {
  readonly model: Model;
  readonly segment: SegmentName | null;
  /** Null: every metric of the task. */
  readonly metrics: readonly string[] | null;
  /** Up to when labels have come. */
  readonly now: Date;
}

/**
 * Of windows whose labels have come in part: what their metrics will be when the rest is there, by start (epoch seconds). Reads nothing where all labels
 * have come or no such metric is asked for, else how long they took in the past, and the windows in parts. Two queries.
 */
export async function readCorrected(
  outcomes: Outcomes,
  { model, segment, metrics, now }: Query,
  { version }: Pick<Span, 'version'>,
  found: ReadonlyMap<number, Outcome>,
): Promise<ReadonlyMap<number, readonly Metric[]>> {
  const { window } = model;
  const open = [...found].flatMap(([start, { answered, labelled }]) => (labelled < answered ? [start] : []));
  const isAsked = correctedNames(model).some((name) => metrics?.includes(name) ?? true);
  if (open.length === 0 || !isAsked) return new Map();
  const until = Math.max(...open) * 1000 + window;
  const { delays, heardUntil } = await readDelays(outcomes, { model, segment, now }, { version, until });
  if (!delays) return new Map();
  const young = open
    .filter((start) => heardUntil - start * 1000 < ripeAge(delays))
    .sort((a, b) => a - b)
    .slice(-MOST_CORRECTED);
  const [first, last] = [young[0], young.at(-1)];
  if (first === undefined || last === undefined) return new Map();
  const width = partOf(window, delays);
  const span = { version, from: new Date(first * 1000), to: new Date(last * 1000 + window), widthMs: width };
  const parts = [...(await outcomes.windows(model, span, segment))];
  return new Map(
    young.map((start) => {
      const own = parts.filter(([at]) => at >= start && at * 1000 < start * 1000 + window);
      const aged = own.map(([at, outcome]) => ({ ageMs: heardUntil - at * 1000 - width / 2, outcome }));
      return [start, correctedMetrics(model, aged, delays)] as const;
    }),
  );
}

/** What is known of how labels come. */
export interface HeardLabels {
  /** How long they take; null where too few say it. */
  readonly delays: Delays | null;
  /** Up to when they have come, epoch milliseconds: the newest label, where that is far behind the clock (history that is sent again, a feed that stopped), else now. */
  readonly heardUntil: number;
}

/**
 * How long labels took of answers that have all of theirs: older than labels are expected to take, or of days that are all but whole. Asked for answers up to
 * `until` (epoch milliseconds); of a month before they were due. One query.
 */
export async function readDelays(
  outcomes: Outcomes,
  { model, segment, now }: Omit<Query, 'metrics'>,
  { version, until }: { readonly version: string; readonly until: number },
): Promise<HeardLabels> {
  const { expectedWithin } = model.labels;
  const to = Math.min(now.getTime(), until + expectedWithin + DAY);
  const from = Math.floor((Math.min(to, until) - expectedWithin - LEARNT_DAYS * DAY) / DAY) * DAY;
  const span = { version, from: new Date(from), to: new Date(to), widthMs: DAY };
  const days = await outcomes.delays(model, span, segment);
  const heardUntil = heardOf(days, now);
  const sums: Record<string, number> = {};
  for (const { day, answered, labelled, delays } of days) {
    if (day * 1000 + DAY > heardUntil - expectedWithin && labelled < WHOLE * answered) continue;
    for (const [place, count] of Object.entries(delays)) sums[place] = (sums[place] ?? 0) + count;
  }
  return { delays: delaysOf(sums), heardUntil };
}

function heardOf(days: readonly DayOfDelays[], now: Date): number {
  const newest = 1000 * days.reduce((latest, day) => Math.max(latest, day.newest), 0);
  return newest > 0 && now.getTime() - newest > FEED_BEHIND ? newest : now.getTime();
}

/** The width of the parts of a window, in milliseconds: whole minutes, and as many of them as make a window. */
export function partOf(window: number, delays: Delays): number {
  const wanted = Math.ceil((PARTS_OF_DELAY * window) / middleDelay(delays));
  for (let parts = Math.max(1, Math.min(MOST_PARTS, wanted)); parts <= MOST_PARTS; parts += 1)
    if ((window / MINUTE) % parts === 0) return window / parts;
  return window;
}

/** Rows of one instant, epoch ms, and how many. */
type Rows = readonly [instant: number, rows: number];

/**
 * How far behind the newest rows of a source its other rows came: what a window is held open for. Rows by how late they were, in two stretches of
 * time, the younger one under way.
 */
export interface ArrivalSpread {
  readonly before: Counts | null;
  readonly now: Counts;
}

interface Counts {
  /** When the stretch began, epoch ms. */
  readonly since: number;
  /** Rows in each of the steps. */
  readonly rows: readonly number[];
}

/** Rows are counted as at most so late, ms; the last step is what no grace waits for. */
const STEPS = [0, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, Infinity] as const;
/** A stretch is as long as this; what is known is forgotten after two. */
const STRETCH_MS = 10 * 60_000;
/** So long a source must have been heard, and so many rows … */
const LEAST_HEARD_MS = 120_000;
const LEAST_ROWS_OF_LAG = 100;
/** … of which so small a part may be later than is waited for: they are judged as late rows. */
const LEFT_OUT = 0.005;
/** More than was seen, for what was not: rows of one instant are stored one after another. */
const LEAST_GRACE_MS = 2_000;

/** The spread after a look at what arrived. `newest` is how far the source had come before it, epoch ms. Pure. */
export function spreadAfter(
  known: ArrivalSpread | undefined,
  rows: readonly Rows[],
  { newest, at }: { readonly newest: number; readonly at: number },
): ArrivalSpread {
  const current = known ?? { before: null, now: emptyFrom(at) };
  const turned = at - current.now.since >= STRETCH_MS ? { before: current.now, now: emptyFrom(at) } : current;
  const counts = [...turned.now.rows];
  for (const [instant, count] of rows) {
    const place = STEPS.findIndex((step) => newest - instant <= step);
    counts[place] = (counts[place] ?? 0) + count;
  }
  return { before: turned.before, now: { since: turned.now.since, rows: counts } };
}

/**
 * How long after the newest row of a source a window of it stays open, ms: as long as all but a few of its rows came behind it, and at the
 * most `most`, which is also waited while too little was heard.
 *
 * @example graceOf(undefined, { at: 0, most: 60_000 }) // 60000
 */
export function graceOf(
  spread: ArrivalSpread | undefined,
  { at, most }: { readonly at: number; readonly most: number },
): number {
  if (!spread) return most;
  const { before, now } = spread;
  const counts = STEPS.map((_, i) => (before?.rows[i] ?? 0) + (now.rows[i] ?? 0));
  const all = counts.reduce((a, b) => a + b, 0);
  if (all < LEAST_ROWS_OF_LAG || at - (before ?? now).since < LEAST_HEARD_MS) return most;
  let late = all;
  for (const [i, step] of STEPS.entries()) {
    late -= counts[i] ?? 0;
    if (late <= LEFT_OUT * all) return Math.min(most, step + LEAST_GRACE_MS);
  }
  return most;
}

function emptyFrom(since: number): Counts {
  return { since, rows: STEPS.map(() => 0) };
}

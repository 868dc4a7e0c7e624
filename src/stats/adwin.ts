export interface AdwinOptions {
  /** Confidence of one comparison; smaller is more cautious. */
  readonly delta: number;
  /** Cuts are tried every so many values. */
  readonly clock: number;
  /** Buckets of one size before the two oldest merge. */
  readonly bucketsPerSize: number;
  /** Smallest part a cut may leave. */
  readonly minimumPart: number;
  /** Values seen before the first cut. */
  readonly grace: number;
}

/** Values summed into one, with the sum of squared deviations from their mean. */
interface Bucket {
  readonly total: number;
  readonly deviation: number;
}

export interface AdwinState {
  readonly drift: boolean;
  readonly ticks: number;
  readonly width: number;
  readonly total: number;
  readonly deviation: number;
  /** rows[i] holds buckets of 2^i values, oldest first; larger buckets are older. */
  readonly rows: readonly (readonly Bucket[])[];
}

export const ADWIN_START: AdwinState = Object.freeze({
  drift: false,
  ticks: 0,
  width: 0,
  total: 0,
  deviation: 0,
  rows: Object.freeze([]),
});

export const ADWIN_DEFAULTS: AdwinOptions = Object.freeze({
  delta: 0.002,
  clock: 32,
  bucketsPerSize: 5,
  minimumPart: 5,
  grace: 10,
});

/**
 * Adaptive windowing: keeps the longest recent stretch of a stream in which no cut separates two different means.
 *
 * The stretch is an exponential histogram of 2^i-sized buckets; when some cut differs by more than a Bernstein bound the
 * oldest bucket goes. Lies: δ bounds one cut, not the stream (in practice it alarms far less often); finds any change of the
 * mean, improvements too; a shift of 0.02 on a rate of 0.10 takes 9000 labels. Starts over after a drift.
 * Cost: O(log n) a value, memory O(log n). Source: Bifet and Gavaldà (2007), SDM; behaviour as in river 0.26 (every cut is tried).
 *
 * @example adwin(ADWIN_START, 1).width // 1
 */
export function adwin(previous: AdwinState, x: number, options: AdwinOptions = ADWIN_DEFAULTS): AdwinState {
  let state = withValue(previous.drift ? ADWIN_START : previous, x, options.bucketsPerSize);
  if (state.ticks % options.clock !== 0 || state.width <= options.grace) return state;
  while (hasCut(state, options)) state = { ...withoutOldest(state), drift: true };
  return state;
}

/** The mean of the stretch kept. */
export function adwinEstimate(state: AdwinState): number {
  return state.width === 0 ? 0 : state.total / state.width;
}

function withValue(state: AdwinState, x: number, bucketsPerSize: number): AdwinState {
  const width = state.width + 1;
  const fromMean = width > 1 ? x - state.total / state.width : 0;
  return {
    drift: false,
    ticks: state.ticks + 1,
    width,
    total: state.total + x,
    deviation: state.deviation + ((width - 1) * fromMean * fromMean) / width,
    rows: compressed(state.rows, { total: x, deviation: 0 }, bucketsPerSize),
  };
}

function compressed(rows: AdwinState['rows'], bucket: Bucket, bucketsPerSize: number): AdwinState['rows'] {
  const next = rows.slice();
  let arriving: Bucket | undefined = bucket;
  for (let size = 0; arriving; size += 1) {
    const row: readonly Bucket[] = [...(next[size] ?? []), arriving];
    const [oldest, second] = row;
    const full = row.length > bucketsPerSize && oldest && second;
    next[size] = full ? row.slice(2) : row;
    arriving = full ? merged(oldest, second, 2 ** size) : undefined;
  }
  return next;
}

/** Two neighbouring buckets of `size` values each as one; deviations add by Chan's rule. */
function merged(a: Bucket, b: Bucket, size: number): Bucket {
  const gap = a.total / size - b.total / size;
  return {
    total: a.total + b.total,
    deviation: a.deviation + b.deviation + (size * size * gap * gap) / (2 * size),
  };
}

function hasCut(state: AdwinState, { delta, minimumPart }: AdwinOptions): boolean {
  const logarithm = Math.log((2 * Math.log(state.width)) / delta);
  const variance = state.deviation / state.width;
  let older = 0;
  let olderTotal = 0;
  for (let size = state.rows.length - 1; size >= 0; size -= 1) {
    for (const bucket of state.rows[size] ?? []) {
      older += 2 ** size;
      olderTotal += bucket.total;
      const newer = state.width - older;
      if (older < minimumPart || newer < minimumPart) continue;
      const gap = Math.abs(olderTotal / older - (state.total - olderTotal) / newer);
      const inverse = 1 / (older - minimumPart + 1) + 1 / (newer - minimumPart + 1);
      if (gap > Math.sqrt(2 * inverse * variance * logarithm) + (2 / 3) * logarithm * inverse) return true;
    }
  }
  return false;
}

function withoutOldest(state: AdwinState): AdwinState {
  const [oldest, ...rest] = state.rows.at(-1) ?? [];
  if (!oldest) return state;
  const size = 2 ** (state.rows.length - 1);
  const width = state.width - size;
  const total = state.total - oldest.total;
  const gap = oldest.total / size - total / width;
  const deviation = state.deviation - oldest.deviation - (size * width * gap * gap) / (size + width);
  const rows = rest.length > 0 ? state.rows.with(-1, rest) : state.rows.slice(0, -1);
  return { ...state, width, total, deviation, rows };
}

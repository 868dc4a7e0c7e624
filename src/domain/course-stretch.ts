import { FARTHEST_MEASURED, isByDay, isJudged, MEAN, MIX, statisticUnit } from './statistic-text.js';

/** How large a change is by one statistic; effects of different statistics do not add up. */
export interface Extent {
  readonly statistic: string;
  readonly windows: number;
  /** Of the windows together: their rows, or one each where a window without rows counts as much as another. */
  readonly weight: number;
  /** Mean effect by weight. */
  readonly size: number;
  /** The effect farthest from none. */
  readonly largest: number | null;
}

/** Windows that showed a change, or its fading, with what they say of its size. */
export interface Stretch {
  /** End of the newest. */
  readonly lastAt: Date;
  readonly windows: number;
  readonly rows: number;
  /** By statistic, in order of appearance. */
  readonly extents: readonly Extent[];
  /** Where rows of several windows were put together for any of them. */
  readonly covers?: Covers | undefined;
}

/** How long windows are of which some have the rows of earlier ones as well, ms. */
interface Covers {
  /** Of a window of the model. */
  readonly width: number;
  /** Of all together with those whose rows they have. */
  readonly rests: number;
}

/** A stretch in which a change was there. */
export interface Spell {
  readonly from: Date;
  /** Its likeliest end: a detector lets go later than the change. */
  readonly to: Date;
  /** Mean effect, and the weight of the windows it is of. */
  readonly weight: number;
  readonly size: number;
}

/** What one window shows of an incident. */
export interface Shown {
  readonly from: Date;
  readonly to: Date;
  /** Start of the first window whose rows it has, where several were put together for too few of them; absent where they are its own. */
  readonly restsFrom?: Date | undefined;
  readonly statistic: string;
  readonly effect: number | null;
  /** Effects of the other statistics that show it; absent where there are none. */
  readonly effects?: Readonly<Record<string, number>> | undefined;
  readonly n: number;
  /** How much the effect counts beside those of other windows; its rows where nothing is said. */
  readonly weight?: number;
  /** The engine's estimate of the start of the change. */
  readonly since: Date | null;
}

/** Since when there are rows of what a window shows. */
export function shownFrom({ restsFrom, from }: Pick<Shown, 'restsFrom' | 'from'>): Date {
  return restsFrom ?? from;
}

const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** The stretch that one window is. */
export function stretchOf({ from, to, restsFrom, n, statistic, effect, effects, weight = n }: Shown): Stretch {
  // A day's rows stand in each of its windows.
  const part = isByDay(statistic) ? (to.getTime() - from.getTime()) / DAY : 1;
  const all = { [statistic]: effect, ...effects };
  return {
    lastAt: to,
    windows: 1,
    rows: n * part,
    extents: Object.entries(all).map(([name, size]) => {
      const sized = size === null ? { weight: 0, size: 0 } : { weight, size };
      return { statistic: name, windows: 1, ...sized, largest: size };
    }),
    ...(restsFrom === undefined ? {} : { covers: { width: to.getTime() - from.getTime(), rests: to.getTime() - restsFrom.getTime() } }),
  };
} // prettier-ignore

/** The stretch in something that has one. */
export function stretchIn({ lastAt, windows, rows, extents, covers }: Stretch): Stretch {
  return { lastAt, windows, rows, extents, ...(covers && { covers }) };
}

/** One stretch after another as one. */
export function together(before: Stretch, after: Stretch): Stretch {
  const known = before.extents.map((extent) => {
    const more = extentIn(after, extent.statistic);
    return more ? joined(extent, more) : extent;
  });
  const fresh = after.extents.filter(({ statistic }) => extentIn(before, statistic) === undefined);
  const covers = coveredBy(before, after);
  return {
    lastAt: after.lastAt,
    windows: before.windows + after.windows,
    rows: before.rows + after.rows,
    extents: [...known, ...fresh],
    ...(covers && { covers }),
  };
}

function coveredBy(before: Stretch, after: Stretch): Covers | undefined {
  const width = (before.covers ?? after.covers)?.width;
  if (width === undefined) return undefined;
  const restsOf = ({ covers, windows }: Stretch) => covers?.rests ?? windows * width;
  return { width, rests: restsOf(before) + restsOf(after) };
}

/** How large a stretch is by one statistic; undefined where none of its windows spoke of that. */
export function extentIn({ extents }: Stretch, statistic: string): Extent | undefined {
  return extents.find((extent) => extent.statistic === statistic);
}

/** What windows together say for a change of a mean that is theirs: grows with all that have at least half of it. */
export function evidenceOf({ weight, size }: Extent): number {
  return weight * size ** 2;
}

/** The judged statistic that most windows speak of; of several the first. */
export function leadingExtent({ extents }: Stretch): Extent {
  const none = { statistic: '', windows: 0, weight: 0, size: 0, largest: null };
  return extents.reduce(
    (lead: Extent, one) => (isJudged(one.statistic) && one.windows > lead.windows ? one : lead),
    none,
  );
}

/** Statistics that are read off the bins of the reference, and see no farther than those. */
const BINNED: ReadonlySet<string> = new Set(['location', 'scale', 'shape', 'tail']);
/** So many standard deviations from what the bins say: a season, or a long tail, moves a mean by less. */
const FARTHER = 1;

/** How large a stretch is as people are told it: by the statistic that leads, except that values which left the bins of their reference, lie in the long ones of a skewed feature, or look wider because they moved, are told by their true mean. */
export function toldExtent(stretch: Stretch): Extent {
  const lead = leadingExtent(stretch);
  const mean = extentIn(stretch, MEAN);
  if (!mean || mean.weight === 0 || !BINNED.has(lead.statistic)) return lead;
  if (lead.statistic !== 'location') return hidesLevel(lead, mean) ? mean : lead;
  const size = mean.size * Math.sign(lead.size);
  return size > 0 && Math.abs(size - Math.abs(lead.size)) >= FARTHER ? mean : lead;
}

const LOCATION = 'location';

/**
 * The true mean of a level that bins tell, where it has moved as they say, to a half of it or twice: from what to what and by how much are told by it then, because so many standard deviations from the mean of a
 * skewed feature may be where no value is. Null where a season or a long tail moves the mean by something else: it says nothing of the change.
 */
export function meanOfLevel(stretch: Stretch): Extent | null {
  const told = toldExtent(stretch);
  const mean = extentIn(stretch, MEAN);
  if (told.statistic !== LOCATION || told.weight === 0 || !mean || mean.weight === 0) return null;
  const times = told.size === 0 ? 0 : mean.size / told.size;
  return times >= 1 / 2 && times <= 2 ? mean : null;
}

/** The spread beyond a level that moved is read off bins in whose outermost the values pile up: so much of it is no news beside the level. */
const BY_LEVEL = 0.75;

/** Whether what leads is the less of what happened: values that left the bins, or a wider spread that is no larger than what the mean moved by. */
function hidesLevel({ statistic, size }: Extent, mean: Extent): boolean {
  if (Math.abs(mean.size) >= FARTHEST_MEASURED) return true;
  return statistic === 'scale' && size > 0 && Math.abs(mean.size) >= BY_LEVEL * size;
}

/** How large two stretches are by a measure that both are told in beside what was judged, though other statistics judged them; null where they have none. */
export function besideOfBoth(one: Stretch, other: Stretch): readonly [Extent, Extent] | null {
  for (const own of one.extents) {
    const same = isJudged(own.statistic) ? undefined : extentIn(other, own.statistic);
    if (same && own.weight > 0 && same.weight > 0) return [own, same];
  }
  return null;
}

/** A share that only some windows spoke of is none of the whole. */
const MOST_OF_THEM = 0.5;

/** The categories of a mix whose shares moved most over the windows that the lead speaks of, the largest first; none where it is told by something else, or nobody counted them. */
export function mixIn(check: string, stretch: Stretch): readonly Extent[] {
  if (statisticUnit(check, toldExtent(stretch).statistic) !== 'w') return [];
  const { windows } = leadingExtent(stretch);
  return stretch.extents
    .filter((one) => one.statistic.startsWith(MIX) && one.windows >= MOST_OF_THEM * windows)
    .toSorted((a, b) => Math.abs(b.size) - Math.abs(a.size));
}

function joined(a: Extent, b: Extent): Extent {
  const farther = a.largest === null || Math.abs(b.largest ?? 0) > Math.abs(a.largest);
  return {
    statistic: a.statistic,
    windows: a.windows + b.windows,
    ...mixed(a, b.weight, b.size),
    largest: farther ? b.largest : a.largest,
  };
}

/** The mean with so much more weight of another. */
export function mixed(
  before: { readonly weight: number; readonly size: number },
  weight: number,
  size: number,
): { readonly weight: number; readonly size: number } {
  const sum = before.weight + weight;
  return { weight: sum, size: sum > 0 ? before.size + ((size - before.size) * weight) / sum : 0 };
}

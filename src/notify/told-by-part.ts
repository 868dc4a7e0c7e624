import type { CheckName } from '../domain/check-result.js';
import { besideOfBoth, type Extent, toldExtent } from '../domain/course-stretch.js';
import { SEVERITIES, type Incident } from '../domain/incident.js';

/** What counts of all rows what a check counts of a part of them. */
const WHOLES: Readonly<Partial<Record<CheckName, readonly CheckName[]>>> = {
  segment_performance: ['concept_drift'],
  segment_drift: ['service', 'output_drift'],
};
const COUNTED_BY_PART: ReadonlySet<string> = new Set(Object.values(WHOLES).flat());
/** What says the same of all rows in another way, and has no such number of a part: what labels say lies where the errors are, and the mix of answers where the scores moved. */
const BESIDE: Readonly<Partial<Record<CheckName, CheckName>>> = {
  concept_drift: 'performance',
  output_drift: 'output_drift',
};
/** More than this part of a change is most of it. */
const MOST_OF_WHOLE = 0.5;
/** Where a message was led by all rows, so much of their change has to be in a part before that leads. */
const FAR_MOST = 0.75;
/** What says of all rows what errors of a part say of it, in numbers that nobody has by segment. */
const UNSIZED_BY_PART: Readonly<Partial<Record<CheckName, CheckName>>> = {
  segment_performance: 'performance',
};

/**
 * Findings about all rows whose change is mostly in one part of the traffic, each with the finding about that part: a size that all others dilute says neither how bad it is nor of whom. A part that moved as all
 * others did follows from the whole, and is none. `led` is what the message before was led by: a part goes on to tell for the whole while it is the larger of the two, and nothing of the whole that it cannot be held
 * against is graver. Pure.
 */
export function toldByPart<One extends Incident>(members: readonly One[], led?: string): ReadonlyMap<One, One> {
  const standing = members.filter(({ explainedBy }) => !explainedBy);
  const parts = standing.filter(({ signal, severity }) => signal.segment !== '' && severity !== 'info');
  if (parts.length === 0) return new Map();
  const wholes = standing.filter(({ signal }) => signal.segment === '');
  const counted = wholes.filter(({ signal }) => COUNTED_BY_PART.has(signal.check));
  const placed = counted.flatMap((whole): [One, One][] => {
    const part = partOf(whole, parts, led);
    return part ? [[whole, part]] : [];
  });
  const own = new Set(placed.map(([whole]) => whole));
  const beside = placed.flatMap(([{ signal }, part]) =>
    wholes
      .filter((one) => one.signal.check === BESIDE[signal.check] && isSameVersion(one, part))
      .map((one): [One, One] => [one, part]),
  );
  const still = parts.find(({ id }) => id === led);
  const unsized = wholes.filter((whole) => still && isNoGraver(whole, still)).flatMap((whole): [One, One][] => still ? [[whole, still]] : []);
  // What has a part of its own stays with that.
  return new Map([...unsized, ...placed, ...beside.filter(([one]) => !own.has(one))]);
} // prettier-ignore

/** Whether what all rows show in numbers of their own is no graver than the part that has led. */
function isNoGraver(whole: Incident, part: Incident): boolean {
  const isOfIt = UNSIZED_BY_PART[part.signal.check] === whole.signal.check && isSameVersion(whole, part);
  return isOfIt && SEVERITIES.indexOf(whole.severity) <= SEVERITIES.indexOf(part.severity);
}

/** The part that has most of a change of all rows, if it has more than half of it; else the one that has led, while it is still the larger. */
function partOf<One extends Incident>(whole: One, parts: readonly One[], led?: string): One | null {
  const shares = parts.map((one) => ({ one, share: shareOf(one, whole) }));
  const [most] = shares.toSorted((a, b) => b.share - a.share);
  const still = shares.find(({ one }) => one.id === led);
  const isOutdone = still && most && most.share * MOST_OF_WHOLE > still.share * FAR_MOST;
  if (still && !isOutdone && isLarger(still.one, whole)) return still.one;
  return most && most.share > (whole.id === led ? FAR_MOST : MOST_OF_WHOLE) ? most.one : null;
}

/** Whether a part has moved farther than all rows have, in the same direction. */
function isLarger(part: Incident, whole: Incident): boolean {
  const sizes = sizesOfPart(part, whole);
  if (!sizes) return false;
  const [own, all] = sizes;
  return own.size * all.size > 0 && Math.abs(own.size) >= Math.abs(all.size);
}

/** How much of the change of all rows is that of a part, by the rows of their windows and by size; 0 where they do not count the same. */
function shareOf(part: Incident, whole: Incident): number {
  const sizes = sizesOfPart(part, whole);
  if (!sizes) return 0;
  const [own, all] = [changedIn(sizes[0]), changedIn(sizes[1])];
  return all === 0 ? 0 : own / all;
}

/** Both sizes, where one counts of a part what the other counts of all rows. */
function sizesOfPart(part: Incident, whole: Incident): readonly [Extent, Extent] | null {
  const isOfPart = WHOLES[part.signal.check]?.includes(whole.signal.check) ?? false;
  return isOfPart && isSameVersion(part, whole) ? sizesOf(part, whole) : null;
}

/** What both are told by, or are told in beside that: the standard deviations of all rows, the share of an answer. */
function sizesOf(part: Incident, whole: Incident): readonly [Extent, Extent] | null {
  const [own, all] = [toldExtent(part.course), toldExtent(whole.course)];
  return own.statistic === all.statistic ? [own, all] : besideOfBoth(part.course, whole.course);
}

function isSameVersion({ signal: one }: Incident, { signal: other }: Incident): boolean {
  return one.model === other.model && one.version === other.version;
}

/** Of an average window. */
function changedIn({ size, weight, windows }: Extent): number {
  return windows === 0 ? 0 : (size * weight) / windows;
}

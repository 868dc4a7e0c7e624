import type { CheckName } from '../domain/check-result.js';
import { type Extent, toldExtent } from '../domain/course-stretch.js';
import type { Incident } from '../domain/incident.js';

/** What counts of all rows what a check counts of a part of them. */
const WHOLES: Readonly<Partial<Record<CheckName, CheckName>>> = {
  segment_performance: 'concept_drift',
  segment_drift: 'service',
};
const COUNTED_BY_PART: ReadonlySet<string> = new Set(Object.values(WHOLES));
/** What labels say of all rows in another way: it has no such number of a part, and is where the errors are. */
const BESIDE_ERRORS: CheckName = 'performance';
/** More than this part of a change is most of it. */
const MOST_OF_WHOLE = 0.5;

/**
 * Findings about all rows whose change is mostly in one part of the traffic, each with the finding about that part: a size that all others dilute says neither how bad it is nor of whom. A part that moved as all
 * others did follows from the whole, and is none. Pure.
 */
export function toldByPart<One extends Incident>(members: readonly One[]): ReadonlyMap<One, One> {
  const standing = members.filter(({ explainedBy }) => !explainedBy);
  const parts = standing.filter(({ signal, severity }) => signal.segment !== '' && severity !== 'info');
  if (parts.length === 0) return new Map();
  const wholes = standing.filter(({ signal }) => signal.segment === '');
  const counted = wholes.filter(({ signal }) => COUNTED_BY_PART.has(signal.check));
  const placed = counted.flatMap((whole): [One, One][] => {
    const part = partOf(whole, parts);
    return part ? [[whole, part]] : [];
  });
  const ofErrors = placed.filter(([whole]) => whole.signal.check === WHOLES.segment_performance);
  const beside = ofErrors.flatMap(([, part]) =>
    wholes
      .filter((one) => one.signal.check === BESIDE_ERRORS && isSameVersion(one, part))
      .map((one): [One, One] => [one, part]),
  );
  return new Map([...placed, ...beside]);
}

/** The part that has most of a change of all rows, if it has more than half of it. */
function partOf<One extends Incident>(whole: One, parts: readonly One[]): One | null {
  const shares = parts.map((one) => ({ one, share: shareOf(one, whole) }));
  const [most] = shares.toSorted((a, b) => b.share - a.share);
  return most && most.share > MOST_OF_WHOLE ? most.one : null;
}

/** How much of the change of all rows is that of a part, by the rows of their windows and by size; 0 where they do not count the same. */
function shareOf(part: Incident, whole: Incident): number {
  if (!isSameVersion(part, whole) || WHOLES[part.signal.check] !== whole.signal.check) return 0;
  const [own, all] = [toldExtent(part.course), toldExtent(whole.course)];
  const changed = changedIn(all);
  return own.statistic !== all.statistic || changed === 0 ? 0 : changedIn(own) / changed;
}

function isSameVersion({ signal: one }: Incident, { signal: other }: Incident): boolean {
  return one.model === other.model && one.version === other.version;
}

/** Of an average window. */
function changedIn({ size, weight, windows }: Extent): number {
  return windows === 0 ? 0 : (size * weight) / windows;
}

import { matchesAll, type Labels, type Matcher } from '../domain/matcher.js';
import { isWithin, type WeeklyTime } from '../domain/weekly-time.js';

/** Who else hears of a case that nobody takes on, and after how long. */
export interface EscalationStep {
  /** Milliseconds since it was told. */
  readonly after: number;
  readonly channels: readonly string[];
}

/** A branch of the tree that says who hears of what. What it leaves out it has from the branch above. */
export interface Route {
  readonly match: readonly Matcher[];
  /** Only at one of these times; always where there are none. */
  readonly during: readonly WeeklyTime[];
  /** Only outside all of these times. */
  readonly outside: readonly WeeklyTime[];
  readonly channels?: readonly string[] | undefined;
  readonly escalate?: readonly EscalationStep[] | undefined;
  /** Milliseconds since the case was told, of each reminder; the last gap repeats, twice as long each time. */
  readonly remind?: readonly number[] | undefined;
  /** Branches beside this one are tried as well. */
  readonly continue: boolean;
  readonly routes: readonly Route[];
}

/** Where something goes. */
export interface Way {
  readonly channels: readonly string[];
  readonly escalate: readonly EscalationStep[];
  readonly remind: readonly number[];
}

/**
 * The ways through the tree for something with these labels: of the branches of a level the first that matches, and those after it while it says
 * `continue`; below it the same, and the branch itself where nothing below matches. Where no branch matches, the channels that the policy names.
 */
export function waysThrough(
  routes: readonly Route[],
  { labels, named }: { readonly labels: Labels; readonly named: readonly string[] },
  now: Date,
): readonly Way[] {
  const root: Way = { channels: named, escalate: [], remind: [] };
  const found = branches(routes, labels, root, now);
  return found.length > 0 ? found : [root];
}

/** The channels of several ways, each once. */
export function channelsOf(ways: readonly Way[]): readonly string[] {
  return [...new Set(ways.flatMap(({ channels }) => channels))];
}

function branches(routes: readonly Route[], labels: Labels, above: Way, now: Date): readonly Way[] {
  const ways: Way[] = [];
  for (const route of routes) {
    if (!isTaken(route, labels, now)) continue;
    const own = {
      channels: route.channels ?? above.channels,
      escalate: route.escalate ?? above.escalate,
      remind: route.remind ?? above.remind,
    };
    const below = branches(route.routes, labels, own, now);
    ways.push(...(below.length > 0 ? below : [own]));
    if (!route.continue) break;
  }
  return ways;
}

function isTaken({ match, during, outside }: Route, labels: Labels, now: Date): boolean {
  return (
    matchesAll(match, labels) &&
    (during.length === 0 || during.some((time) => isWithin(time, now))) &&
    !outside.some((time) => isWithin(time, now))
  );
}

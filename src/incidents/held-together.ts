import { MATCHED, matchesAll, type Labels, type Matcher } from '../domain/matcher.js';

/** From when to when something is not told. */
export interface Quiet {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

const NO_LABELS: Labels = Object.fromEntries(MATCHED.map((name) => [name, ''])) as Record<keyof Labels, ''>;

/** Whether something may match both: they do not where one wants a value of a label that the other does not take. */
export function mayMeet(some: readonly Matcher[], others: readonly Matcher[]): boolean {
  return !refusesValueOf(some, others) && !refusesValueOf(others, some);
}

function refusesValueOf(some: readonly Matcher[], others: readonly Matcher[]): boolean {
  const exact = some.filter(({ value, equal }) => equal && !value.includes('*'));
  return exact.some(({ name, value }) => {
    const sameLabel = others.filter((one) => one.name === name);
    return !matchesAll(sameLabel, { ...NO_LABELS, [name]: value });
  });
}

/**
 * The most that is held back within any stretch of `within` that a wish takes part in, together with what is quiet beside it; ms. Stretches that overlap count once.
 */
export function heldTogether(wish: Quiet, beside: readonly Quiet[], within: number): number {
  const all = [wish, ...beside].map(
    ({ startsAt, endsAt }) => [startsAt.getTime(), endsAt.getTime()] as const,
  );
  // The most stands in a stretch that begins where something begins, or ends where something ends.
  const begins = all.flatMap(([from, to]) => [from, to - within]);
  const [from, to] = [wish.startsAt.getTime(), wish.endsAt.getTime()];
  const near = begins.filter((begin) => begin < to && begin + within > from);
  return Math.max(0, ...near.map((begin) => covered(all, begin, begin + within)));
}

function covered(stretches: readonly (readonly [number, number])[], from: number, to: number): number {
  const inside = stretches.map(([a, b]) => [Math.max(a, from), Math.min(b, to)] as const).filter(([a, b]) => b > a);
  let [sum, end] = [0, from];
  for (const [a, b] of inside.toSorted(([a], [b]) => a - b)) {
    sum += Math.max(0, b - Math.max(a, end));
    end = Math.max(end, b);
  }
  return sum;
} // prettier-ignore

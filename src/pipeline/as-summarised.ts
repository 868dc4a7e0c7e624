import type { WindowProfile } from '../domain/profile.js';

/**
 * Difference between two sums of the same rows, as a part of them: the engine adds in any order, and of a sum that lies between two numbers of
 * twelve digits one order gives the one and another the other. Scores of three decimals have such sums in one window of ten.
 */
const ONE_SUM = 1e-11;

/** A window's profile as its rows give it, with what the summaries of its minutes say in the place of numbers that differ by the order of adding alone. */
export function asSummarised(rows: WindowProfile, minutes: WindowProfile): WindowProfile {
  return {
    ...rows,
    features: eachAsSummarised(rows.features, minutes.features),
    measures: eachAsSummarised(rows.measures, minutes.measures),
    performance: isOneSum(rows.performance, minutes.performance) ? minutes.performance : rows.performance,
  };
}

function eachAsSummarised<Part>(
  rows: Readonly<Record<string, Part>>,
  minutes: Readonly<Record<string, Part>>,
): Readonly<Record<string, Part>> {
  return Object.fromEntries(
    Object.entries(rows).map(([name, own]) => {
      const summary = minutes[name];
      return [name, summary !== undefined && isOneSum(own, summary) ? summary : own];
    }),
  );
}

/** Whether two summaries are of the same rows: everything is equal but for the last digits of sums. `scale` is how large the parts of a sum are together. */
export function isOneSum(a: unknown, b: unknown, scale = 0): boolean {
  if (typeof a === 'number' && typeof b === 'number')
    return Object.is(a, b) || Math.abs(a - b) <= ONE_SUM * Math.max(Math.abs(a), Math.abs(b), scale);
  if (!isTree(a) || !isTree(b)) return Object.is(a, b);
  const others = new Map<string, unknown>(Object.entries(b));
  const own = Object.entries(a);
  return (
    own.length === others.size &&
    own.every(
      ([name, value]) =>
        others.has(name) && isOneSum(value, others.get(name), name === 'sum' ? scaleOf(others) : 0),
    )
  );
}

function isTree(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Of a sum of deviations: they may cancel, and its digits are known as far as those of their squares. */
function scaleOf(others: ReadonlyMap<string, unknown>): number {
  const [n, squares] = [others.get('n'), others.get('sumSquares')];
  return typeof n === 'number' && typeof squares === 'number' ? Math.sqrt(n * squares) : 0;
}

/**
 * The first that has the recorded digest, of inputs that differ from those given by the last of twelve digits of what labels add up to: rows that were moved
 * to another part of the table are added in another order since. Undefined where none has: then something else differs.
 */
export function toTheLastDigit<
  One extends { readonly profile: WindowProfile },
  Digested extends { readonly inputs: string },
>(all: readonly One[], digested: (one: One) => Digested, recorded: string): Digested | undefined {
  for (const one of all)
    for (const performance of lastDigits(one.profile.performance)) {
      const found = digested({ ...one, profile: { ...one.profile, performance } });
      if (found.inputs === recorded) return found;
    }
  return undefined;
}

/** Measures of a window's rows for the rules that the summaries of its minutes know. */
export function measuredIn(minutes: WindowProfile, { measures }: WindowProfile): WindowProfile['measures'] {
  return Object.fromEntries(
    Object.entries(measures).filter(([rule]) => minutes.measures[rule] !== undefined),
  );
}

type Performance = WindowProfile['performance'];

function lastDigits(performance: Performance): readonly Performance[] {
  const { lossSum, lossSquares, squaredErrorSum, squaredErrorSquares } = performance;
  return neighbours(lossSum).flatMap((loss) =>
    neighbours(lossSquares).flatMap((losses) =>
      neighbours(squaredErrorSum).flatMap((error) =>
        neighbours(squaredErrorSquares).map((errors) => ({
          ...performance,
          lossSum: loss,
          lossSquares: losses,
          squaredErrorSum: error,
          squaredErrorSquares: errors,
        })),
      ),
    ),
  );
}

const DIGITS = 12;

/** A sum of twelve digits, and the numbers of as many digits beside it. */
function neighbours(sum: number | null): readonly (number | null)[] {
  if (sum === null || sum === 0) return [sum];
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(sum))) - DIGITS + 1);
  return [sum, sum + unit, sum - unit].map((one) => Number(one.toPrecision(DIGITS)));
}

import { BadInput } from './graphql-errors.js';

const spent = new WeakMap<object, Map<string, number>>();

/**
 * Counts what one request asks for of an expensive field. Throws BadInput beyond `most`: aliases and pages multiply what a limit on
 * the query's own text cannot see.
 */
export function price(request: object | undefined, what: string, most: number): void {
  if (request === undefined) return;
  const counts = spent.get(request) ?? new Map<string, number>();
  spent.set(request, counts);
  const count = (counts.get(what) ?? 0) + 1;
  counts.set(what, count);
  if (count > most)
    throw new BadInput(
      `one request may ask for ${what} ${most} times: ask for fewer, or in several`,
      'first',
    );
}

/**
 * Adds values to the end of a list, one by one: spread into `push` they would be arguments of a call, of which an engine takes about a hundred thousand, and a list that
 * grows with age or with the fleet is longer one day.
 */
export function addAll<Value>(list: Value[], more: Iterable<Value>): void {
  for (const value of more) list.push(value);
}

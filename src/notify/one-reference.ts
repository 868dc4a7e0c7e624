/** What a check says its own number was in the whole reference; what follows of all others is of another thing. */
const OWN = /^((?:(?!all others).)*?)[,;] [^,;]*\d[^,;]* in the reference(?=[,;]|$)/u;

/**
 * The words of a check without what its number was in the reference, where a finding says beside them from what to what it is: that starts at what was expected of these windows, which the hour and the weekday move away from the mean of the
 * whole reference. One thing has one number that it was.
 */
export function withoutOwnReference(said: string): string {
  return said.replace(OWN, '$1');
}

/** What a check says its own number was in the whole reference; what follows of all others is of another thing. */
const OWN = /^((?:(?!all others).)*?)[,;] [^,;]*\d[^,;]* in the reference(?=[,;]|$)/u;

const CATEGORY_NAME = '(?:"[^"]*"|rare categories|categories never seen before)';
/** How a check says from where to where the shares of a mix moved in one window. */
const MIX_SAID = new RegExp(
  `^${CATEGORY_NAME} make up [^;,]*%, [^;,]*% before(?:; ${CATEGORY_NAME} [^;,]*%, [^;,]*% before)*(?:; )?`,
  'u',
);

/** The words of a check without from where to where shares moved in its window, where that stands beside them over all windows. */
export function withoutShares(said: string, change: string): string {
  return change.startsWith('share of ') ? said.replace(MIX_SAID, '') : said;
}

/**
 * The words of a check without what its number was in the reference, where a finding says beside them from what to what it is: that starts at what was expected of these windows, which the hour and the weekday move away from the mean of the
 * whole reference. One thing has one number that it was.
 */
export function withoutOwnReference(said: string): string {
  return said.replace(OWN, '$1');
}

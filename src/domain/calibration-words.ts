/** How a sentence begins that says of scores that they rank answers as well as they did, and mean something else. */
export const UNCALIBRATED = 'scores are no longer calibrated';

/** That sentence in what a check said; null where it says nothing of it. */
export function uncalibratedIn(said: string): string | null {
  const from = said.indexOf(UNCALIBRATED);
  return from === -1 ? null : (said.slice(from).split(';')[0] ?? null);
}

/** What a check said beside that sentence. */
export function withoutUncalibrated(said: string): string {
  const sentence = uncalibratedIn(said);
  return sentence === null ? said : said.replace(`${sentence}; `, '');
}

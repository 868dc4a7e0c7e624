const WHY = 'not judged by itself';
const BETWEEN = '; ';

/** What is said of a number that nothing is held against, with what is judged of the same. */
export function unjudgedText(own: string | null, judged: readonly string[]): string {
  const beside = judged.length === 0 ? 'no bound is set' : `judged of the same: ${judged.join(', ')}`;
  const why = `${WHY}: it is for people; ${beside}`;
  return own === null ? why : `${own}${BETWEEN}${why}`;
}

/** What is said of the number itself, for a rule that does judge it; null where nothing is. */
export function saidOfNumber(explanation: string | null): string | null {
  const at = explanation?.indexOf(WHY) ?? -1;
  if (explanation === null || at === -1) return explanation;
  return at === 0 ? null : explanation.slice(0, at - BETWEEN.length);
}

/** Names that other programs have for a field of ours, letters only. */
const KNOWN_AS: ReadonlyMap<string, readonly string[]> = new Map(Object.entries({
  type: ['kind', 'eventtype'],
  prediction_id: ['id', 'requestid', 'inferenceid', 'eventid', 'uuid'],
  model: ['modelkey', 'modelname', 'modelid'],
  ts: ['timestamp', 'time', 'datetime', 'eventtime', 'date', 'createdat', 'timestampms'],
  features: ['inputs', 'instances', 'data'],
  prediction: ['predicted', 'output', 'outputs', 'response', 'result', 'answer'],
  label: ['actual', 'actuallabel', 'target', 'truth', 'groundtruth', 'outcome', 'ytrue', 'value', 'class', 'predictedlabel', 'predictedclass', 'predictionlabel', 'decision', 'ypred'],
  score: ['probability', 'proba', 'prob', 'confidence', 'predictionscore', 'predictedscore', 'predictedprobability', 'ypredproba', 'yscore', 'p'],
  scores: ['probabilities', 'probas', 'predictionscores', 'classscores', 'score'],
  value: ['predictionvalue', 'predictedvalue', 'predicted', 'output', 'result', 'prediction', 'yhat', 'ypred', 'score'],
})); // prettier-ignore

/**
 * The name among `given` that was most likely meant by `wanted`: the same letters in another spelling, a name that other programs have for it, or
 * a slip of a letter or two. Null where none is. Names that have a meaning of their own (`known`) are never taken for another.
 */
export function lookAlike(
  wanted: string,
  given: readonly string[],
  known: readonly string[] = [],
): string | null {
  const own = lettersOf(wanted);
  const others = given.filter((name) => name !== wanted && !known.includes(name));
  const also = KNOWN_AS.get(wanted) ?? [];
  return (
    others.find((name) => lettersOf(name) === own) ??
    also.flatMap((one) => others.find((name) => lettersOf(name) === one) ?? [])[0] ??
    others.find((name) => isSlip(own, lettersOf(name))) ??
    null
  );
}

/** Few enough letters differ: one of four, and two at the most. */
function isSlip(wanted: string, given: string): boolean {
  const most = Math.min(2, Math.floor(wanted.length / 4));
  return given !== '' && Math.abs(wanted.length - given.length) <= most && changedLetters(wanted, given) <= most;
} // prettier-ignore

function lettersOf(name: string): string {
  return name.replaceAll(/[^\p{L}\d]/gu, '').toLowerCase();
}

/** Levenshtein distance: letters to insert, remove or replace. O(|a| · |b|). */
export function changedLetters(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}

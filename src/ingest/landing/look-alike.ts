/** Names that other programs have for a field of ours, letters only. */
const KNOWN_AS: Readonly<Record<string, readonly string[]>> = {
  prediction_id: ['predictionid', 'id', 'requestid', 'inferenceid', 'eventid', 'uuid'],
  model: ['modelkey', 'modelname', 'modelid'],
  ts: ['timestamp', 'time', 'datetime', 'eventtime', 'date', 'createdat', 'timestampms'],
  label: ['actual', 'actuallabel', 'target', 'truth', 'groundtruth', 'outcome', 'ytrue', 'value'],
  features: ['feature', 'inputs', 'input', 'instances', 'data'],
  prediction: ['predictions', 'predicted', 'output', 'outputs', 'response', 'result', 'score'],
};
const MISSING = /^(\w+) is missing or null: send it$/;

/**
 * What to say of a refused event: of a missing field with the name that was sent in its place, where one looks like it. The message is written
 * by the landing views of the store; a look at the event's names there would cost every insert.
 */
export function withLookAlike(message: string, event: Buffer): string {
  const field = MISSING.exec(message)?.[1] ?? '';
  const names = KNOWN_AS[field];
  if (names === undefined) return message;
  const sent = namesOf(event).find((name) => names.includes(lettersOf(name)));
  return sent === undefined
    ? message
    : `${field} is missing or null: did you mean "${sent.slice(0, 64)}"? Call it ${field}`;
}

function lettersOf(name: string): string {
  return name.replaceAll(/[^A-Za-z]/g, '').toLowerCase();
}

function namesOf(event: Buffer): readonly string[] {
  try {
    const value: unknown = JSON.parse(event.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  } catch {
    return [];
  }
}

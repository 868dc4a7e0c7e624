import type { Flight } from './demo-flights.js';
import { sentFeatures, sentScore } from './demo-faults.js';
import { lateProbability, type DelayModel } from './demo-model.js';
import { DEMO_MODEL } from './demo-reference.js';

/** Lines of one request: large requests are stored in large parts. */
const LINES = 20_000;

function predictionLine(model: DelayModel, flight: Flight, version: string): string {
  const features = sentFeatures(flight);
  const score = sentScore(flight, lateProbability(model, features));
  const prediction = { label: score >= 0.5 ? 'late' : 'on time', score: Number(score.toFixed(6)) };
  return JSON.stringify({
    type: 'prediction',
    prediction_id: flight.id,
    model: DEMO_MODEL,
    model_version: version,
    ts: flight.at,
    features,
    prediction,
  });
}

function labelLine({ id, late, knownAt }: Flight): string {
  return JSON.stringify({
    type: 'label',
    prediction_id: id,
    model: DEMO_MODEL,
    ts: knownAt,
    label: late ? 'late' : 'on time',
    source: 'airline',
  });
}

export interface Target {
  readonly url: string;
  readonly key: string;
}

/** A version of the model that answers. */
export interface Answering {
  readonly version: string;
  readonly model: DelayModel;
}

/** Sends predictions of departing flights and the truth about landed ones; throws unless the service stored every one. */
export async function sendEvents(
  target: Target,
  model: DelayModel,
  { leaving, known }: { readonly leaving: readonly Flight[]; readonly known: readonly Flight[] },
  version: string,
): Promise<number> {
  const lines = [...leaving.map((flight) => predictionLine(model, flight, version)), ...known.map(labelLine)];
  let stored = 0;
  for (let start = 0; start < lines.length; start += LINES)
    stored += await post(target, lines.slice(start, start + LINES));
  return stored;
}

async function post({ url, key }: Target, lines: readonly string[]): Promise<number> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' };
  const response = await fetch(`${url}/v1/events`, { method: 'POST', headers, body: lines.join('\n') });
  const answer = (await response.json()) as {
    accepted?: number;
    rejected?: readonly { code: string; message: string }[];
  };
  const refused = answer.rejected?.[0];
  if (!response.ok || refused) {
    const why = refused?.message ?? JSON.stringify(answer);
    throw new Error(`the service refused demo events: HTTP ${response.status} ${why}`);
  }
  return answer.accepted ?? 0;
}

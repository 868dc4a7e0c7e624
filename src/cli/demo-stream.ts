import type { Flight } from './demo-flights.js';
import { sentFeatures } from './demo-faults.js';
import { lateProbability, type DelayModel } from './demo-model.js';
import { DEMO_MODEL, DEMO_VERSION } from './demo-reference.js';

/** Lines of one request: large requests are stored in large parts. */
const LINES = 20_000;

function predictionLine(model: DelayModel, flight: Flight): string {
  const features = sentFeatures(flight);
  const score = lateProbability(model, features);
  const prediction = { label: score >= 0.5 ? 'late' : 'on time', score: Number(score.toFixed(6)) };
  return JSON.stringify({
    prediction_id: flight.id,
    model: DEMO_MODEL,
    model_version: DEMO_VERSION,
    ts: flight.at,
    features,
    prediction,
  });
}

function labelLine({ id, late, knownAt }: Flight): string {
  return JSON.stringify({
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

/** Sends predictions of these flights; returns how many the service stored. Throws when it refused any. */
export async function sendPredictions(
  target: Target,
  model: DelayModel,
  flights: readonly Flight[],
): Promise<number> {
  return post(target, '/v1/predictions', flights, (flight) => predictionLine(model, flight));
}

/** Sends the truth about these flights; returns how many the service stored. */
export async function sendLabels(target: Target, flights: readonly Flight[]): Promise<number> {
  return post(target, '/v1/labels', flights, labelLine);
}

async function post(
  { url, key }: Target,
  path: string,
  flights: readonly Flight[],
  line: (flight: Flight) => string,
): Promise<number> {
  let stored = 0;
  for (let start = 0; start < flights.length; start += LINES) {
    const body = flights
      .slice(start, start + LINES)
      .map(line)
      .join('\n');
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson' };
    const response = await fetch(`${url}${path}`, { method: 'POST', headers, body });
    const answer = (await response.json()) as {
      accepted?: number;
      rejected?: readonly { code: string; message: string }[];
    };
    const refused = answer.rejected?.[0];
    if (!response.ok || refused)
      throw new Error(
        `the service refused demo events on ${path}: HTTP ${response.status} ${refused?.message ?? JSON.stringify(answer)}`,
      );
    stored += answer.accepted ?? 0;
  }
  return stored;
}

import type { Flight } from './demo-flights.js';

/** What the model reads of a flight; null where the value is missing. */
export interface FlightFeatures {
  readonly hour: number;
  readonly weekday: string;
  readonly distance: number | null;
  readonly origin: string | null;
  readonly destination: string;
  /** Sent with the others; the model does not look at it. */
  readonly channel?: string;
}

/** What it learns from. */
export type LabelledFlight = FlightFeatures & { readonly late: boolean };

/** Logistic regression on one-hot hour, weekday, origin, destination and the logarithm of the distance. */
export interface DelayModel {
  readonly weights: ReadonlyMap<string, number>;
  readonly bias: number;
}

const EPOCHS = 4;
const RATE = 0.15;
const SHRINK = 1e-5;

type Term = readonly [name: string, value: number];

function terms(features: FlightFeatures): Term[] {
  const { hour, weekday, distance, origin, destination } = features;
  return [
    [`hour:${hour}`, 1],
    [`weekday:${weekday}`, 1],
    ['distance', distance === null ? 0 : Math.log(distance / 700)],
    [`origin:${origin ?? ''}`, origin === null ? 0 : 1],
    [`destination:${destination}`, 1],
  ];
}

/** Probability that a flight is 15 or more minutes late. */
export function lateProbability(model: DelayModel, features: FlightFeatures): number {
  const sum = terms(features).reduce(
    (total, [name, value]) => total + value * (model.weights.get(name) ?? 0),
    model.bias,
  );
  return 1 / (1 + Math.exp(-sum));
}

/** Terms of all flights as numbers: term t of flight i is `values[5 i + t]` of the weight `places[5 i + t]`. */
interface Coded {
  readonly names: ReadonlyMap<string, number>;
  readonly places: Int32Array;
  readonly values: Float64Array;
}

const TERMS = 5;

function code(flights: readonly LabelledFlight[]): Coded {
  const names = new Map<string, number>();
  const places = new Int32Array(TERMS * flights.length);
  const values = new Float64Array(TERMS * flights.length);
  flights.forEach((flight, i) =>
    terms(flight).forEach(([name, value], t) => {
      if (!names.has(name)) names.set(name, names.size);
      places[TERMS * i + t] = names.get(name) ?? 0;
      values[TERMS * i + t] = value;
    }),
  );
  return { names, places, values };
}

/** Fits by stochastic gradient descent with a falling rate; the same flights always give the same model. */
export function fitDelayModel(flights: readonly LabelledFlight[]): DelayModel {
  const { names, places, values } = code(flights);
  const weights = new Float64Array(names.size);
  const share = flights.filter((flight) => flight.late).length / Math.max(1, flights.length);
  let bias = Math.log(share / (1 - share));
  const steps = EPOCHS * flights.length;
  // A stride through the list mixes days and hours.
  const stride = coprimeStride(flights.length);
  for (let step = 0; step < steps; step++) {
    const i = (step * stride) % flights.length;
    let sum = bias;
    for (let at = TERMS * i; at < TERMS * (i + 1); at++)
      sum += (values[at] ?? 0) * (weights[places[at] ?? 0] ?? 0);
    const error = Number(flights[i]?.late) - 1 / (1 + Math.exp(-sum));
    const rate = RATE * (1 - step / steps);
    bias += 0.1 * rate * error;
    for (let at = TERMS * i; at < TERMS * (i + 1); at++) {
      const place = places[at] ?? 0;
      const old = weights[place] ?? 0;
      weights[place] = old + rate * (error * (values[at] ?? 0) - SHRINK * old);
    }
  }
  return { weights: new Map([...names].map(([name, place]) => [name, weights[place] ?? 0])), bias };
}

function coprimeStride(n: number): number {
  const gcd = (a: number, b: number): number => (b === 0 ? a : gcd(b, a % b));
  let stride = Math.max(1, Math.floor(n * 0.618));
  while (gcd(stride, n) !== 1) stride += 1;
  return stride;
}

/** A model as text, and back. */
export function modelText({ weights, bias }: DelayModel): string {
  return JSON.stringify({ weights: [...weights], bias });
}

export function modelFromText(text: string): DelayModel {
  const { weights, bias } = JSON.parse(text) as {
    weights: readonly (readonly [string, number])[];
    bias: number;
  };
  return { weights: new Map(weights), bias };
}

const DAY = 86_400_000;

/** Scores of the training month that no flight gave itself: even days are scored by a model of the odd days and the other way round. */
export function crossFittedScores(flights: readonly Flight[]): Map<string, number> {
  const odd = (flight: Flight) => Math.floor(flight.at / DAY) % 2;
  const models = [0, 1].map((half) => fitDelayModel(flights.filter((flight) => odd(flight) !== half)));
  return new Map(
    flights.map((flight) => [flight.id, lateProbability(models[odd(flight)] as DelayModel, flight)]),
  );
}

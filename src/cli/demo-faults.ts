import type { Flight } from './demo-flights.js';
import type { Signal } from '../domain/incident.js';
import type { FlightFeatures } from './demo-model.js';

const HOUR = 3_600_000;

/** A fault put into the stream on purpose, and said to be so. */
export interface Fault {
  readonly feature: string;
  /** The segment in which it acts alone; null where it acts in all rows. */
  readonly segment: string | null;
  readonly kind: 'unit_change' | 'null_burst' | 'swapped_answers';
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

const KILOMETRES = 1.609344;

/** Who asks for a flight: made up, by a digit of its number, for the flights do not say. Nothing depends on it. */
export function channelOf({ id }: Pick<Flight, 'id'>): string {
  const digit = id.at(-2) ?? '';
  return APP.includes(digit) ? 'app' : DESK.includes(digit) ? 'desk' : 'web';
}

/** Two in ten, and three in ten. */
export const APP = ['0', '1'];
export const DESK = ['2', '3', '4'];

/** From 6 to 18 March the app takes each answer for its opposite; from 10 April somebody sends kilometres; on 15 and 16 May most origins get lost. */
export const FAULTS: readonly Fault[] = [
  {
    feature: 'channel',
    segment: 'channel=app',
    kind: 'swapped_answers',
    label: 'the app takes each answer for its opposite',
    from: Date.UTC(2001, 2, 6),
    to: Date.UTC(2001, 2, 18),
  },
  {
    feature: 'distance',
    segment: null,
    kind: 'unit_change',
    label: 'miles become kilometres',
    from: Date.UTC(2001, 3, 10),
    to: Infinity,
  },
  {
    feature: 'origin',
    segment: null,
    kind: 'null_burst',
    label: '60 % of origins are null',
    from: Date.UTC(2001, 4, 15),
    to: Date.UTC(2001, 4, 15) + 36 * HOUR,
  },
];

const acts = (fault: Fault | undefined, flight: Flight) =>
  fault !== undefined && flight.at >= fault.from && flight.at < fault.to;

/** What the model is sent for a flight, faults included. */
export function sentFeatures(flight: Flight): FlightFeatures {
  const [, units, nulls] = FAULTS;
  const { hour, weekday, destination } = flight;
  const distance = acts(units, flight) ? Math.round(flight.distance * KILOMETRES) : flight.distance;
  // Six rows in ten, by the last digit of the row's own number.
  const lost = acts(nulls, flight) && Number(flight.id.at(-1)) < 6;
  const channel = channelOf(flight);
  return { hour, weekday, distance, origin: lost ? null : flight.origin, destination, channel };
}

/** The probability that is answered where the model says this one. */
export function sentScore(flight: Flight, score: number): number {
  const [swapped] = FAULTS;
  return acts(swapped, flight) && channelOf(flight) === 'app' ? 1 - score : score;
}

/** What all answers and their errors show, too, where those of a segment are wrong. */
const ANSWERS: ReadonlySet<string> = new Set([
  'output_drift', 'concept_drift', 'performance', 'estimated_performance', 'multivariate',
]); // prettier-ignore

/** Whether a finding is about what a fault does: its feature, its segment, or all answers that are wrong because those of the segment are. */
export function isOfFault(
  { feature: wanted, segment }: Fault,
  { signal, summary }: { readonly signal: Signal; readonly summary: string },
): boolean {
  if (segment !== null)
    return signal.segment === segment || (signal.segment === '' && ANSWERS.has(signal.check));
  // About many features together it is the one it names.
  return signal.feature === wanted || (signal.check === 'multivariate' && summary.includes(wanted));
}

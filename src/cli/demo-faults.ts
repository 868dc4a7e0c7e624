import type { Flight } from './demo-flights.js';
import type { FlightFeatures } from './demo-model.js';

const HOUR = 3_600_000;

/** A fault put into the stream on purpose, and said to be so. */
export interface Fault {
  readonly feature: string;
  readonly kind: 'unit_change' | 'null_burst';
  readonly label: string;
  readonly from: number;
  readonly to: number;
}

const KILOMETRES = 1.609344;

/** From 10 April somebody sends kilometres; on 15 and 16 May most origins get lost. */
export const FAULTS: readonly Fault[] = [
  {
    feature: 'distance',
    kind: 'unit_change',
    label: 'miles become kilometres',
    from: Date.UTC(2001, 3, 10),
    to: Infinity,
  },
  {
    feature: 'origin',
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
  const [units, nulls] = FAULTS;
  const { hour, weekday, destination } = flight;
  const distance = acts(units, flight) ? Math.round(flight.distance * KILOMETRES) : flight.distance;
  // Six rows in ten, by the last digit of the row's own number.
  const lost = acts(nulls, flight) && Number(flight.id.at(-1)) < 6;
  return { hour, weekday, distance, origin: lost ? null : flight.origin, destination };
}

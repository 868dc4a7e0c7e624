import { gaussian } from '../generator.js';
import { type CalmFeature, type Moment, NULL } from './calm-kind.js';

/** A level by window; streams with a memory keep it in the closure. */
export type Level = (at: Moment) => number;
type Random = () => number;

const isWeekend = ({ weekday }: Moment) => weekday >= 5;

/** An autoregressive level of the given standard deviation. */
export function wander(random: Random, phi: number, sd: number): Level {
  let level = sd * gaussian(random);
  return () => (level = phi * level + sd * Math.sqrt(1 - phi * phi) * gaussian(random));
}

/** A season of the day and of the weekend as real features have it. */
export function season(random: Random, size = 1): Level {
  const amplitude = size * (0.1 + 0.3 * random());
  const phase = 24 * random();
  const weekend = size * 0.15 * gaussian(random);
  return (at) => amplitude * Math.sin((2 * Math.PI * (at.hour + phase)) / 24) + (isWeekend(at) ? weekend : 0);
}

export function sum(...levels: readonly Level[]): Level {
  return (at) => levels.reduce((total, level) => total + level(at), 0);
}

/** Whether a spell is on: it begins with one chance a window and ends with another. */
export function spells(random: Random, begins: number, ends: number): (at: Moment) => boolean {
  let on = random() < begins / (begins + ends);
  return () => (on = on ? random() >= ends : random() < begins);
}

const FAMILIES: readonly ((random: Random) => number)[] = [
  gaussian,
  (random) => (Math.exp(0.5 * gaussian(random)) - 1.133) / 0.604,
  (random) => gaussian(random) * (random() < 0.1 ? 2 : 0.82),
];

/** Normal, log-normal and heavy-tailed values by turns around a level. */
export function numeric(i: number, random: Random, level: Level): CalmFeature {
  const family = FAMILIES[i % FAMILIES.length] ?? gaussian;
  return numbers((at) => {
    const now = level(at);
    return () => now + family(random);
  });
}

/** A numeric feature by the way its rows are made in a window. */
export function numbers(rowOf: (at: Moment) => () => number): CalmFeature {
  return { kind: 'numeric', draw: drawn(rowOf) };
}

/** The same of categories by number. */
export function categories(rowOf: (at: Moment) => () => number): CalmFeature {
  return { kind: 'categorical', draw: drawn(rowOf) };
}

function drawn(rowOf: (at: Moment) => () => number): CalmFeature['draw'] {
  return (at, rows) => {
    const row = rowOf(at);
    const out = new Float64Array(rows);
    for (let r = 0; r < rows; r += 1) out[r] = row();
    return out;
  };
}

/** A feature with a part of its rows null. */
export function sometimesNull(feature: CalmFeature, random: Random, share: Level): CalmFeature {
  return sometimes(feature, random, { share, code: NULL });
}

export function sometimes(
  { kind, draw }: CalmFeature,
  random: Random,
  { share, code }: { readonly share: Level; readonly code: number },
): CalmFeature {
  return {
    kind,
    draw: (at, rows) => {
      const part = share(at);
      return draw(at, rows).map((value) => (random() < part ? code : value));
    },
  };
}

/** Categories whose shares follow Zipf's law, with log-shares that wander between windows by `wandering`. */
export function mix(random: Random, count: number, wandering: Level | null): CalmFeature {
  const tilt = Array.from({ length: count }, () => gaussian(random));
  const base = Array.from({ length: count }, (_, c) => 1 / (c + 1.5));
  return categories((at) => {
    const now = wandering ? wandering(at) : 0;
    const weights = base.map((weight, c) => weight * Math.exp(now * (tilt[c] ?? 0)));
    const ends: number[] = [];
    weights.reduce((total, weight, c) => (ends[c] = total + weight), 0);
    const whole = ends.at(-1) ?? 1;
    return () => {
      const x = random() * whole;
      return ends.findIndex((end) => x < end);
    };
  });
}

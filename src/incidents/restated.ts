import { extentIn } from '../domain/course-stretch.js';
import { seenFromOf } from '../domain/incident-course.js';
import { convertedIn, convertedText, type Converted } from '../domain/interpretation.js';
import { MEAN } from '../domain/statistic-text.js';
import type { Window } from '../domain/window.js';
import { numberText } from '../domain/wording.js';
import type { IncidentRecord } from './incident-record.js';

/** So many windows say more than the one that was read. */
const DENYING_WINDOWS = 3;
/** By so much, and so many standard errors of their mean, windows miss what they would be after a change: converted standard deviations. */
const MISSES = { by: 0.04, errors: 2 } as const;
/** Nearer to zero than so many standard deviations, a mean shows no factor. */
const SHOWS_FACTOR = 0.5;
/** The spread of the window that was read showed its factor to this part of it, natural logarithm: another one that its windows' mean fits is shown by nothing else, and may be an addition. */
const SHOWN_BY_SPREAD = 0.12;

/**
 * The incident without a conversion that its windows together do not show: few rows of one window fit more than one factor. What all of them were multiplied by is told in its place, and where their mean
 * shows none, by how much they moved. Null where they agree with what was told, or do not tell. Pure.
 */
export function restated(incident: IncidentRecord, { from, to }: Window): IncidentRecord | null {
  const { course, summary, readAs = [] } = incident;
  const converted = convertedIn(incident);
  const mean = extentIn(course, MEAN);
  if (converted === null || !mean || mean.windows < DENYING_WINDOWS || mean.weight === 0) return null;
  if (!isContradicted(converted, mean)) return null;
  const all = factorOf(converted, mean.size);
  const higher = mean.size > 0 ? 'higher' : 'lower';
  const plain = `values are ${higher} by ${numberText(Math.abs(mean.size))} reference standard deviations`;
  const others = readAs.filter((one) => one !== converted);
  return {
    ...incident,
    summary: summary.replace(
      `values ${convertedText(converted)}`,
      all ? `values ${convertedText(all)}` : plain,
    ),
    readAs: all ? [...others, all] : others,
    saidOf: course.lastAt,
    saidFrom: seenFromOf(course, to.getTime() - from.getTime()),
  };
}

interface Mean {
  readonly size: number;
  readonly weight: number;
}

function isContradicted({ factor, moves }: Converted, { size, weight }: Mean): boolean {
  if (moves === undefined) return false;
  const most = MISSES.by + MISSES.errors / Math.sqrt(weight);
  return Math.abs(size - moves) > most * Math.abs(factor ?? 1);
}

/** What all windows were multiplied by, as their mean says. */
function factorOf({ level, factor: told }: Converted, size: number): Converted | null {
  if (level === undefined || Math.abs(level) < SHOWS_FACTOR || told === null) return null;
  const factor = 1 + size / level;
  if (factor <= 0) return null;
  if (Math.abs(Math.log(factor / told)) > SHOWN_BY_SPREAD) return null;
  return { kind: 'converted', change: `× ${numberText(factor)}`, factor, units: null, level, moves: size };
}

import { toldExtent } from '../domain/course-stretch.js';
import { isJudged, statisticUnit } from '../domain/statistic-text.js';
import { isFlapping } from './flapping.js';
import type { IncidentRecord } from './incident-record.js';

/** Something that came and went, and what would have kept it quiet. */
export interface FlapFacts {
  /** The newest of its incidents. */
  readonly incident: IncidentRecord;
  /** How often it began in the stretch. */
  readonly times: number;
  /** The farthest that it went within two weeks, and what that is of; null where it has no size. */
  readonly largest: { readonly statistic: string; readonly effect: number } | null;
  /** A condition on the size of the effect that it never met; null where its sizes have several units, or none. */
  readonly effect: number | null;
  /** So many windows in a row that it never stayed for; null where that would be too many to wait for. */
  readonly windows: number | null;
  /** Findings of its rule that people called real and that the condition on the effect would have kept quiet as well. */
  readonly loses: number;
}

interface Asked {
  readonly from: Date;
  readonly to: Date;
  /** Length of a model's windows, ms. */
  readonly windowMs: (model: string) => number;
  /** Whether people called the case of an incident a real finding. */
  readonly isReal: (caseId: string) => boolean;
}

/** A rule that waits for longer than this tells of what is real too late. */
const LONGEST_WAIT = 12;
const LOOKED_AT = 14 * 86_400_000;

/**
 * What began at least once in the stretch and comes and goes by the rule of {@link isFlapping}, the most frequent first, each with the smallest
 * thresholds that all of its last two weeks stay under. Times are event time. Pure.
 */
export function flapsOf(incidents: readonly IncidentRecord[], asked: Asked): readonly FlapFacts[] {
  const newest = new Map<string, IncidentRecord>();
  for (const one of incidents) {
    const known = newest.get(one.key);
    if (!known || known.lastWindowTo < one.lastWindowTo) newest.set(one.key, one);
  }
  return [...newest.values()]
    .filter((one) => one.severity !== 'info' && isFlapping(one))
    .map((incident) => ({ incident, times: beganIn(incident, asked) }))
    .filter(({ times }) => times > 0)
    .toSorted((a, b) => b.times - a.times || a.incident.key.localeCompare(b.incident.key, 'en'))
    .map(({ incident, times }) => ({ incident, times, ...thresholdsOf(incident, incidents, asked) }));
}

function beganIn({ beginnings }: IncidentRecord, { from, to }: Asked): number {
  return beginnings.filter((at) => from <= at && at < to).length;
}

function thresholdsOf(
  incident: IncidentRecord,
  incidents: readonly IncidentRecord[],
  { to, windowMs, isReal }: Asked,
): Omit<FlapFacts, 'incident' | 'times'> {
  const { key, signal, policy } = incident;
  const since = to.getTime() - LOOKED_AT;
  const same = incidents.filter((one) => one.key === key && one.course.lastAt.getTime() >= since);
  const { statistic, largest } = toldExtent(incident.course);
  const effect = effectAbove(same);
  const ofRule = incidents.filter(
    (one) => one.key !== key && one.signal.check === signal.check && one.policy.id === policy.id && one.policy.rule === policy.rule,
  );
  const lost = effect === null ? [] : ofRule.filter((one) => isReal(one.caseId) && (farthest([one])?.size ?? Infinity) < effect);
  return {
    largest: largest === null ? null : { statistic, effect: mostOf(same, statistic) ?? largest },
    effect,
    windows: windowsAbove(same, windowMs(signal.model)),
    loses: lost.length,
  };
} // prettier-ignore

/** Largest effects of all judged statistics of incidents; null where there is none, or where they have several units. */
function farthest(incidents: readonly IncidentRecord[]): { readonly size: number } | null {
  const extents = incidents.flatMap(({ signal, course }) =>
    course.extents
      .filter(({ statistic, largest }) => isJudged(statistic) && largest !== null)
      .map(({ statistic, largest }) => ({ unit: statisticUnit(signal.check, statistic), size: Math.abs(largest ?? 0) })),
  );
  const units = new Set(extents.map(({ unit }) => unit));
  return units.size === 1 ? { size: Math.max(...extents.map(({ size }) => size)) } : null;
} // prettier-ignore

function mostOf(incidents: readonly IncidentRecord[], statistic: string): number | null {
  const found = incidents.flatMap(({ course }) =>
    course.extents.flatMap((one) =>
      one.statistic === statistic && one.largest !== null ? [one.largest] : [],
    ),
  );
  return found.toSorted((a, b) => Math.abs(b) - Math.abs(a))[0] ?? null;
}

function effectAbove(incidents: readonly IncidentRecord[]): number | null {
  const most = farthest(incidents);
  return most === null || most.size === 0 ? null : roundedUp(most.size);
}

/** The next number of two digits above. */
function roundedUp(size: number): number {
  const step = 10 ** (Math.floor(Math.log10(size)) - 1);
  return Number((step * (Math.floor(size / step + 1e-9) + 1)).toPrecision(2));
}

function windowsAbove(incidents: readonly IncidentRecord[], windowMs: number): number | null {
  const stays = incidents.flatMap(({ course }) => course.spells.map(({ from, to }) => Math.ceil((to.getTime() - from.getTime()) / windowMs))); // prettier-ignore
  const windows = Math.max(0, ...stays) + 1;
  return windows > 1 && windows <= LONGEST_WAIT ? windows : null;
}

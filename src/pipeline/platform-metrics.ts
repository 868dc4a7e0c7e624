import type { IncidentRecord } from '../incidents/incident-record.js';
import { answeredSince } from '../registry/answering.js';
import type { RegisteredModel } from '../registry/registry.js';
import type { Retrainings } from '../retraining/retrainings.js';
import { SHOWN_STATES, shownState, type ShownState } from '../retraining/shown-state.js';

/** What the platform as a whole did in a period. Times are seconds by the service's clock; null where there was nothing to measure. */
export interface PlatformMetrics {
  readonly models: number;
  /** Versions first heard of in the period, and those that began to answer in it. */
  readonly versionsRegistered: number;
  readonly versionsPromoted: number;
  /** From when a version was first heard of to when it first answered, for those that began to answer in the period and were announced or on trial before. */
  readonly secondsToProduction: Spread | null;
  /** Trainings wanted in the period, by where they stand now; states without one are absent. */
  readonly trainings: readonly { readonly state: ShownState; readonly count: number }[];
  readonly incidentsOpened: number;
  readonly incidentsClosed: number;
  /** From opening to closing, for incidents that closed in the period and that somebody was told of. */
  readonly secondsToClose: Spread | null;
}

export interface Spread {
  readonly median: number;
  readonly p90: number;
  readonly longest: number;
  readonly n: number;
}

/** Half-open, by the service's clock. */
export interface Period {
  readonly since: Date;
  readonly until: Date;
}

/** The numbers of a period from what is known. Pure; incidents that closed long ago may be forgotten, which the caller says. */
export function platformMetrics(
  {
    models,
    incidents,
    retrainings,
  }: {
    readonly models: readonly RegisteredModel[];
    readonly incidents: readonly IncidentRecord[];
    readonly retrainings: Retrainings;
  },
  { since, until }: Period,
): PlatformMetrics {
  const isIn = (at: Date | null): at is Date => at !== null && at >= since && at < until;
  const versions = models.flatMap((model) => model.versions);
  const promoted = versions.filter((one) => isIn(answeredSince(one)));
  const closed = incidents.filter(({ closedAt }) => isIn(closedAt));
  const states = retrainings
    .history()
    .filter(({ requestedAt }) => isIn(requestedAt))
    .map((story) => shownState(story, retrainings.find(story.id)));
  return {
    models: models.length,
    versionsRegistered: versions.filter(({ knownSince }) => isIn(knownSince)).length,
    versionsPromoted: promoted.length,
    secondsToProduction: spreadOf(
      // What was first heard of by its own answers was in production before anybody registered it.
      promoted
        .map((one) => secondsBetween(one.knownSince, answeredSince(one)))
        .filter((seconds) => seconds > 0),
    ),
    trainings: SHOWN_STATES.map((state) => ({
      state,
      count: states.filter((one) => one === state).length,
    })).filter(({ count }) => count > 0),
    incidentsOpened: incidents.filter(({ openedAt }) => isIn(openedAt)).length,
    incidentsClosed: closed.length,
    secondsToClose: spreadOf(
      closed
        .filter(({ announced }) => announced)
        .map(({ openedAt, closedAt }) => secondsBetween(openedAt, closedAt)),
    ),
  };
}

function secondsBetween(from: Date, to: Date | null): number {
  return ((to?.getTime() ?? from.getTime()) - from.getTime()) / 1000;
}

/** Nearest-rank quantiles. */
function spreadOf(values: readonly number[]): Spread | null {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (q: number) => sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0;
  const longest = sorted.at(-1);
  return longest === undefined ? null : { median: at(0.5), p90: at(0.9), longest, n: sorted.length };
}

import { headlineOf } from '../domain/incident-headline.js';
import type { IncidentChange } from '../domain/incident-change.js';
import { SYSTEM, type Json, type NewEntry } from '../domain/ledger-entry.js';
import { RETRAINING_SUBJECT, seriesOf, versionMade, type Retraining } from './retraining.js';
import type { Retrainings } from './retrainings.js';

/** Changes of an incident that say: the problem is there. */
export const CAUSES: ReadonlySet<string> = new Set(['opened', 'escalated', 'reopened']);

export interface JudgedModel {
  readonly model: string;
  /** The version that answers; null where none does. */
  readonly champion: string | null;
}

/**
 * What the changes of a model's incidents say of its runs that succeeded. Only what happens under the version that a run made speaks for or
 * against it: the problem there disproves it (that it ended there is for {@link proveRetrainings}). A problem that goes on under the version
 * that still answers shows that the run has not helped so far. A run that made no version of its own is judged by its incident, in windows
 * that ended after it. Pure.
 */
export function judgeRuns(
  state: Retrainings,
  changes: readonly IncidentChange[],
  { model, champion }: JudgedModel,
  now: Date,
): readonly NewEntry[] {
  return state
    .list(model)
    .filter((run) => run.state === 'succeeded')
    .flatMap((run) => {
      const about = changes.filter(({ incident }) => run.series.includes(seriesOf(incident.signal)));
      const made = versionMade(run);
      return made === null ? byIncident(run, about, now) : byVersion(run, made, { about, champion, now });
    });
}

interface Seen {
  readonly about: readonly IncidentChange[];
  readonly champion: string | null;
  readonly now: Date;
}

function byVersion(run: Retraining, made: string, { about, champion, now }: Seen): readonly NewEntry[] {
  const causes = about.filter(({ kind }) => CAUSES.has(kind));
  const under = causes.find(({ incident }) => incident.signal.version === made);
  if (under) {
    const reason = `the problem is there under version ${made}: ${headlineOf(under.incident)}`;
    return [verdict(run, 'retraining.rejected', { reason }, now)];
  }
  if (champion === made || run.askedAgain !== null) return [];
  const still = causes.find((one) => isAfter(run, one));
  if (!still) return [];
  const reason = `the problem was raised again before version ${made} answered: ${headlineOf(still.incident)}`;
  return [verdict(run, 'retraining.asked_again', { reason }, now)];
}

function byIncident(run: Retraining, about: readonly IncidentChange[], now: Date): readonly NewEntry[] {
  const since = about.filter((one) => isAfter(run, one));
  const back = since.find(({ kind }) => CAUSES.has(kind));
  if (back) {
    const reason = `the problem came back: ${headlineOf(back.incident)}`;
    return [verdict(run, 'retraining.rejected', { reason }, now)];
  }
  const over = since.some(({ kind, incident }) => kind === 'closed' && incident.closeReason === 'recovered');
  return over ? [verdict(run, 'retraining.validated', { reason: 'the problem ended' }, now)] : [];
}

/** What windows say that ended before the run did, was so before it. */
function isAfter({ finishedAt }: Retraining, { incident }: IncidentChange): boolean {
  return finishedAt !== null && incident.lastWindowTo > finishedAt;
}

function verdict(
  { id, model }: Retraining,
  action: string,
  said: { readonly reason: string },
  now: Date,
): NewEntry {
  const data: { readonly [key: string]: Json } = { model, ...said };
  return { action, actor: SYSTEM, at: now, subject: { type: RETRAINING_SUBJECT, id }, data };
}

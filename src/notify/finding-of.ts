import type { Finding } from '../domain/case-message.js';
import { changeOf } from '../domain/change-text.js';
import { seenFromOf } from '../domain/incident-course.js';
import { drawnStatistic, extentText } from '../domain/incident-facts.js';
import { headlineOf, isBareSize, saidOfWindow, withoutOwnSize } from '../domain/incident-headline.js';
import type { IncidentChange } from '../domain/incident-change.js';
import type { Incident } from '../domain/incident.js';
import type { HeldBackBy } from './case-now.js';
import type { CaseSubject } from './case-subject.js';

/** What an incident is told with. */
export interface Around {
  /** Every incident of the case as it stands now, at least one; first those of the model it is of. */
  readonly members: readonly Incident[];
  /** What this run changed. */
  readonly changes: readonly IncidentChange[];
  readonly subject: CaseSubject;
  readonly quiet: HeldBackBy;
  /** What is known of the model of an incident where that is another one. */
  readonly subjectOf?: (incident: Incident) => CaseSubject;
}

/** One incident as a message tells it: its numbers are over all its windows, beside those of the window that was told. */
export function findingOf(incident: Incident, { members, changes, quiet, ...around }: Around): Finding {
  const { signal, policy, course } = incident;
  const isGuest = signal.model !== members[0]?.signal.model;
  const subject = (isGuest ? around.subjectOf?.(incident) : null) ?? around.subject;
  const said = isBareSize(incident)
    ? headlineOf(incident)
    : saidOfWindow({ signal, course, summary: withoutOwnSize(incident) });
  const change = changeOf(incident, subject);
  const held = incident.state === 'CLOSED' ? null : quiet(incident);
  const explains = members.filter(({ explainedBy }) => explainedBy === incident.id).length;
  return {
    incidentId: incident.id,
    ...(isGuest ? { model: signal.model } : {}),
    check: signal.check,
    feature: signal.feature,
    segment: signal.segment,
    statistic: incident.statistic,
    value: incident.value,
    effect: incident.effect,
    n: incident.n ?? null,
    since: course.onset.toISOString(),
    openedAt: incident.openedAt.toISOString(),
    foundAt: course.foundAt.toISOString(),
    // What it is from and to says already what it is of.
    extent: extentText(signal.check, course, change !== null),
    state: incident.state,
    severity: incident.severity,
    headline: headlineOf(incident),
    explanation: incident.proposal ? `${said}. ${proposalText(incident.proposal)}` : said,
    ...(isBareSize(incident) ? {} : saidOf(incident)),
    policy: { id: policy.id, version: policy.version, rule: policy.rule },
    news: changes.find((one) => one.incident.id === incident.id)?.kind ?? null,
    seen: {
      from: seenFromOf(course, subject.windowMs).toISOString(),
      to: course.lastAt.toISOString(),
      windows: course.windows,
      rows: Math.round(course.rows),
      judged: new Date(Math.max(incident.lastWindowTo.getTime(), course.lastAt.getTime())).toISOString(),
    },
    told: drawnStatistic(incident),
    ...(change === null ? {} : { change }),
    ...(explains === 0 ? {} : { explains }),
    ...(held === null ? {} : { quiet: held }),
  };
}

/** Which window, or which windows put together, the words of a check are about. */
function saidOf({ saidOf, saidFrom }: Incident): Pick<Finding, 'saidOf' | 'saidFrom'> {
  return {
    ...(saidOf ? { saidOf: saidOf.toISOString() } : {}),
    ...(saidFrom ? { saidFrom: saidFrom.toISOString() } : {}),
  };
}

/** What is proposed about a change that lasts. */
export function proposalText(proposal: string): string {
  return `It has lasted two weeks; if this is the new normal: ${proposal}`;
}

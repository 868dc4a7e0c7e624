import { findingTitle } from '../domain/incident-headline.js';
import { worstOf, type Severity } from '../domain/incident.js';
import { namesWithin } from '../domain/wording.js';
import { groupBy } from '../domain/group-by.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { caseCall } from '../incidents/case-files.js';
import { unanswered } from '../domain/unanswered.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { dueCalls, type DueCall, type WaitingCase } from '../notify/calls.js';
import type { Delivery } from '../notify/delivery.js';
import { namedRoutes, requestMessage, type NamedRoute, type PlanContext } from '../notify/plan.js';
import { planDigests } from '../notify/plan-digests.js';
import { planWeekly } from '../notify/plan-weekly.js';
import { planContext } from './decide-messages.js';
import { quietNow } from './hold-back.js';
import type { Stages } from './stages.js';
import { waysOf } from './ways-of.js';
import { weekOf } from './week-of.js';

/** What time alone makes due for people: digests, the week, and calls for cases that nobody has taken on. Asking again gives nothing new. */
export function callPeople(stages: Stages, now: Date): readonly NewEntry[] {
  const context = planContext(stages, now);
  return [
    ...callsFor(stages, context, now),
    ...planDigests(context, now),
    ...planWeekly({ ...context, weekly: stages.weekly, weekOf: weekOf(stages, now) }, now),
  ];
}

function callsFor(
  stages: Pick<Stages, 'registry' | 'incidents' | 'caseFiles' | 'silences' | 'deliveries' | 'routes'>,
  context: PlanContext,
  now: Date,
): readonly NewEntry[] {
  if (stages.routes.length === 0) return [];
  const cases = groupBy(stages.incidents.open(), ({ caseId }) => caseId);
  return [...cases].flatMap(([caseId, open]) => {
    const waiting = waitingCase(stages, { caseId, open }, now);
    if (!waiting) return [];
    return dueCalls(waiting, now).flatMap((call) => called(caseId, { ...call, ...waiting }, context, now));
  });
}

/** What waits in a case, and how severe that is; `findings` where that is not all that is open. */
interface Waiting extends WaitingCase {
  readonly severity: Severity;
  readonly findings?: readonly string[];
}

/** Characters of findings that are named beside each other. */
const NAMES = 200;

/** Null where nothing in it was told, or somebody has all of it, or what is left is silenced. */
function waitingCase(
  stages: Pick<Stages, 'registry' | 'incidents' | 'caseFiles' | 'silences' | 'deliveries' | 'routes'>,
  { caseId, open }: { readonly caseId: string; readonly open: readonly IncidentRecord[] },
  now: Date,
): Waiting | null {
  const { caseFiles, deliveries } = stages;
  const quiet = quietNow(stages, now);
  const standing = open.filter((one) => one.severity !== 'info' && one.explainedBy === null);
  const asking = standing.filter((one) => quiet(one) === null);
  const waits = unanswered(asking, now).filter(({ announced }) => announced);
  if (waits.length === 0) return null;
  const told = deliveries.destinationsOf(caseId).flatMap(({ id }) => deliveries.told(caseId, id));
  const alarms = told.filter(isAlarm).map(({ requestedAt }) => requestedAt);
  if (alarms.length === 0) return null;
  const { calls } = caseFiles.find(caseId);
  const begins = [
    Math.min(...waits.map((one) => (one.acknowledgedUntil ?? one.openedAt).getTime())),
    Math.max(...alarms.map((at) => at.getTime())),
  ];
  const ways = waits.flatMap((one) =>
    waysOf(stages, one, now).map((way) => ({ severity: one.severity, way })),
  );
  const isPart = waits.length < standing.length;
  const texts = waits.map((one) => `${findingTitle(one)} (${one.severity})`);
  return {
    since: new Date(Math.max(...begins)),
    ways,
    calls,
    severity: worstOf(waits),
    only: isPart ? namesWithin(texts, NAMES) : null,
    ...(isPart ? { findings: waits.map(({ id }) => id) } : {}),
  };
}

/** What makes people wait for an answer anew: that it opened, is back, or has become worse, or that its acknowledgement ran out. */
function isAlarm({ message, channel }: Delivery): boolean {
  if (message.type !== 'case' || message.call !== null || channel === 'fallback') return false;
  const isWorse = message.rises || message.news.some(({ kind }) => kind === 'escalated');
  return message.purpose === 'opened' || message.purpose === 'reopened' || isWorse;
}

function called(
  caseId: string,
  call: DueCall & Pick<Waiting, 'severity' | 'findings'>,
  context: PlanContext,
  now: Date,
): readonly NewEntry[] {
  const members = context.members(caseId);
  const { kind, text, severity, findings } = call;
  const said = { kind, text, severity, ...(findings ? { findings: [...findings] } : {}) };
  const messages = routesOf(caseId, call, context).flatMap((route) => {
    const isKnown = context.deliveries.told(caseId, route.destination.id).length > 0;
    const purpose = isKnown ? 'updated' : 'opened';
    return requestMessage({ caseId, changes: [], members, route, purpose, call: said }, context, now); // prettier-ignore
  });
  return [caseCall(caseId, call, now), ...messages];
}

function routesOf(caseId: string, { kind, channels }: DueCall, context: PlanContext): readonly NamedRoute[] {
  if (kind === 'escalated') {
    const named = channels.flatMap((name) => namedRoutes(name, context));
    return [...new Map(named.map((route) => [route.destination.id, route])).values()];
  }
  return context.deliveries
    .destinationsOf(caseId)
    .map((destination) => ({ channel: 'reminder', destination }));
}

import type { DeadlineNotice } from '../domain/deadline-notice.js';
import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import { isReviewOverdue, type Model } from '../domain/model.js';
import { SERIOUS_CLASSES } from '../domain/serious-class.js';
import { minuteText, spanText } from '../domain/wording.js';
import { clockOf, dueReminder, type SeriousIncident } from '../incidents/serious-incident.js';
import { SERIOUS_SUBJECT } from '../incidents/serious-incidents.js';
import { planNotice } from '../notify/plan-notice.js';
import { channelsOf, waysThrough } from '../notify/routes.js';
import { planStanding } from './plan-standing.js';
import type { Stages } from './stages.js';

/** What people owe and have not done: reports of serious incidents, reviews of risk, runs of monitoring plans. Each step is told once, to where the routes lead for the model, else to the channel called default. */
export function tellDeadlines(stages: Pick<Stages, 'baseUrl' | 'channels' | 'deliveries' | 'monitoringRuns' | 'registry' | 'routes' | 'seriousIncidents'>, now: Date): readonly NewEntry[] {
  return [
    ...stages.seriousIncidents.list().flatMap((serious) => tellReport(stages, serious, now)),
    ...stages.registry.models().flatMap(({ model }) => [
      ...tellReview(stages, model, now),
      ...tellPlan(stages, model, now),
    ]),
  ];
} // prettier-ignore

function tellReport(stages: Pick<Stages, 'registry' | 'deliveries' | 'channels' | 'routes' | 'baseUrl'>, serious: SeriousIncident, now: Date): readonly NewEntry[] {
  const reminder = dueReminder(serious, now);
  const { awaited, dueAt, remainingMs } = clockOf(serious, now);
  if (reminder === null || awaited === null || remainingMs === null) return [];
  const { caseId, model, by, awareAt } = serious;
  const what = `the ${awaited.toLowerCase()} report of ${caseId} (${model})`;
  const left = remainingMs < 0 ? `${spanText(-remainingMs)} late` : `due in ${spanText(remainingMs)}`;
  const law = SERIOUS_CLASSES[serious.class];
  const summary = `${left}, on ${minuteText(dueAt)} UTC: ${by} declared ${law.text}, known since ${minuteText(awareAt)} UTC. tidewatch incident report ${caseId} makes it; an interim one may be incomplete`;
  const step = remainingMs < 0 ? 'overdue' : 'due';
  const page = `${stages.baseUrl}/cases/${encodeURIComponent(caseId)}`;
  const notice = { kind: 'incident_report', model, step, what, dueAt, summary, page } as const;
  return [
    { action: 'serious_incident.reminded', actor: SYSTEM, at: now, subject: { type: SERIOUS_SUBJECT, id: caseId }, data: { key: reminder.key, step, dueAt: dueAt.toISOString() } },
    ...told(stages, `report:${caseId}:${reminder.key}`, notice, now),
  ];
} // prettier-ignore

function tellReview(
  stages: Pick<Stages, 'registry' | 'deliveries' | 'channels' | 'routes' | 'baseUrl'>,
  model: Model,
  now: Date,
): readonly NewEntry[] {
  const { reviewBy, assessor } = model.risk;
  if (reviewBy === undefined || !isReviewOverdue(model, now)) return [];
  const who = assessor ?? model.owner;
  const summary = `${who} was to look at its risk again by ${reviewBy}: assess it, and write a new reviewBy into the model file`;
  const notice = {
    kind: 'risk_review',
    model: model.key,
    step: 'overdue',
    what: `the risk review of ${model.key}`,
    dueAt: new Date(`${reviewBy}T23:59:59.999Z`),
    summary,
    page: `${stages.baseUrl}/models/${encodeURIComponent(model.key)}`,
  } as const;
  return told(stages, `review:${model.key}:${reviewBy}`, notice, now);
}

function tellPlan(
  stages: Pick<Stages, 'registry' | 'monitoringRuns' | 'deliveries' | 'channels' | 'routes' | 'baseUrl'>,
  model: Model,
  now: Date,
): readonly NewEntry[] {
  const plan = planStanding(stages, model.key, now);
  if (!plan?.isOverdue) return [];
  const before = plan.last ? `the last run was on ${minuteText(plan.last.at)} UTC by ${plan.last.by}` : 'it was never run'; // prettier-ignore
  const summary = `${before}; ${plan.responsible} runs it every ${spanText(plan.everyMs)}: tidewatch monitoring run ${model.key} --note "what was found"`;
  const notice = {
    kind: 'monitoring_plan',
    model: model.key,
    step: 'overdue',
    what: `a run of the monitoring plan of ${model.key}`,
    dueAt: plan.dueAt,
    summary,
    page: `${stages.baseUrl}/models/${encodeURIComponent(model.key)}`,
  } as const;
  return told(stages, `plan:${model.key}:${plan.dueAt.toISOString()}`, notice, now);
}

type Told = Pick<DeadlineNotice, 'kind' | 'model' | 'step' | 'what' | 'summary'> & {
  readonly dueAt: Date;
  readonly page: string;
};

function told(stages: Pick<Stages, 'registry' | 'deliveries' | 'channels' | 'routes'>, stream: string, { dueAt, page, ...said }: Told, now: Date): readonly NewEntry[] {
  const { channels, deliveries } = stages;
  const links = { page };
  const notice: DeadlineNotice = { type: 'deadline_notice', ...said, at: now.toISOString(), dueAt: dueAt.toISOString(), links };
  const audience = { caseId: null, channels: channelsFor(stages, notice, now), followersOnly: false };
  return planNotice({ notice, stream: `deadline:${stream}` }, audience, { channels, deliveries }, now);
} // prettier-ignore

function channelsFor({ registry, routes }: Pick<Stages, 'registry' | 'routes'>, { model: key, step }: DeadlineNotice, now: Date): readonly string[] {
  const model = registry.find(key)?.model;
  const labels = {
    model: key,
    version: '',
    owner: model?.owner ?? '',
    tier: registry.tierOf(key),
    check: '',
    feature: '',
    segment: '',
    severity: step === 'overdue' ? 'critical' : 'warning',
    policy: '',
    environment: model?.environments ?? [],
  };
  return channelsOf(waysThrough(routes, { labels, named: ['default'] }, now));
} // prettier-ignore

import { baseOf } from './base-of.js';
import type { CaseMessage, Finding } from '../domain/case-message.js';
import { SEVERITIES } from '../domain/incident.js';
import { testText, type TestMessage } from '../domain/test-message.js';
import { createHash } from 'node:crypto';
import { saidText, sizeText } from './case-lines.js';
import { findingName } from './case-title.js';
import type { HttpRequest } from './http-sender.js';
import { caseTitle } from './message.js';
import type { Spoken } from './spoken.js';

/** An Alertmanager that takes alerts, with what lets us in. */
export interface AlertmanagerDestination {
  readonly kind: 'alertmanager';
  /** Without `/api/v2`. */
  readonly url: string;
  readonly token?: string | undefined;
}

/** An alert that nobody sends again must not end by itself after Alertmanager's resolve_timeout. */
const LASTS_MS = 365 * 86_400_000;
const BRIEF_MS = 60_000;

/**
 * API v2 of Alertmanager: one alert for the case, known by its labels. Severity is one of them, because routes ask for it; an alert that became
 * more or less severe is therefore ended under its other severities in the same request, which does nothing where it was never there.
 */
export function alertmanagerRequests(
  { url, token }: AlertmanagerDestination,
  said: Spoken,
  now: Date,
): readonly HttpRequest[] {
  const labels = {
    alertname: said.isBrief ? 'TidewatchNotice' : 'TidewatchCase',
    ...Object.fromEntries(Object.entries(said.labels).filter(([name, value]) => value !== '' && STABLE.has(name))), // prettier-ignore
    case: said.key,
  };
  const until = said.isBrief ? BRIEF_MS : said.state === 'over' ? 0 : LASTS_MS;
  const alerts = SEVERITIES.map((severity) => ({
    labels: { ...labels, severity },
    annotations: {
      summary: said.title,
      description: said.lines.join('\n'),
      ...(said.runbook === null ? {} : { runbook_url: said.runbook }),
    },
    startsAt: earlier(said.since, now).toISOString(),
    endsAt: new Date(now.getTime() + (severity === said.severity ? until : 0)).toISOString(),
    generatorURL: said.link,
  }));
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return [
    {
      method: 'POST',
      url: `${url.replace(/\/+$/u, '')}/api/v2/alerts`,
      headers: { 'content-type': 'application/json', ...authorization },
      body: JSON.stringify(said.isBrief ? alerts.filter(({ labels: { severity } }) => severity === said.severity) : alerts), // prettier-ignore
    },
  ];
}

/** Labels that stay what they are as long as a case is open. */
const STABLE = new Set(['model', 'version', 'owner', 'tier']);

function earlier(a: Date, b: Date): Date {
  return a <= b ? a : b;
}

/**
 * A case as the body that Alertmanager sends to its webhooks (version 4), one alert a finding, for receivers that are written for it. As there, an alert
 * is known by its labels, which leave out what changes: value, text and severity of the case stand in annotations and common labels.
 */
export function alertmanagerBody(message: CaseMessage): string {
  const { caseId, model, version, owner, severity, links, findings, total } = message;
  const status = message.state === 'CLOSED' ? 'resolved' : 'firing';
  const common = { alertname: 'TidewatchFinding', case: caseId, model, version, owner };
  return JSON.stringify({
    version: '4',
    groupKey: `{}:{case="${caseId}"}`,
    truncatedAlerts: Math.max(0, total - findings.length),
    status,
    receiver: 'tidewatch',
    groupLabels: { case: caseId },
    commonLabels: common,
    commonAnnotations: { summary: caseTitle(message), severity },
    externalURL: baseOf(links.case),
    alerts: findings.map((finding) => alertOf(finding, message, common)),
  });
}

/** A test as the same body: one alert that is resolved, so that it opens nothing that somebody must end. */
export function alertmanagerTestBody(test: TestMessage): string {
  const labels = { alertname: 'TidewatchTest', severity: 'info' };
  const { at, links } = test;
  const annotations = { summary: testText(test) };
  const alert = { status: 'resolved', labels, annotations, startsAt: at, endsAt: at, generatorURL: links.channels, fingerprint: createHash('sha256').update(at).digest('hex').slice(0, 16) }; // prettier-ignore
  return JSON.stringify({
    version: '4',
    groupKey: '{}:{alertname="TidewatchTest"}',
    truncatedAlerts: 0,
    status: 'resolved',
    receiver: 'tidewatch',
    groupLabels: { alertname: 'TidewatchTest' },
    commonLabels: labels,
    commonAnnotations: annotations,
    externalURL: baseOf(links.channels),
    alerts: [alert],
  });
}

function alertOf(
  finding: Finding,
  { links, closedAt }: CaseMessage,
  common: Readonly<Record<string, string>>,
): object {
  const { check, feature, segment, severity, state, since, openedAt } = finding;
  const labels = { ...common, check, feature: feature ?? '', segment, severity };
  const { severity: _changes, ...identity } = labels;
  return {
    status: state === 'CLOSED' ? 'resolved' : 'firing',
    labels,
    annotations: { summary: `${findingName(finding)}: ${saidText(finding)}`, description: sizeText(finding) },
    startsAt: since ?? openedAt,
    endsAt: state === 'CLOSED' ? (closedAt ?? openedAt) : '0001-01-01T00:00:00Z',
    generatorURL: links.case,
    fingerprint: createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 16),
  };
}

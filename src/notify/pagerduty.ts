import type { HttpRequest } from './http-sender.js';
import { cutBetweenWords } from '../domain/wording.js';
import { cut, type Spoken } from './spoken.js';

/** Where a service of PagerDuty takes events; the key is its integration key. */
export interface PagerDutyDestination {
  readonly kind: 'pagerduty';
  readonly service: string;
  readonly routingKey: string;
  readonly url: string;
}

/**
 * Events API v2 (developer.pagerduty.com): `trigger` opens an alert or adds to the one that has the same `dedup_key`, `acknowledge` and `resolve` move it,
 * so that sending twice changes nothing. What is brief is opened and resolved at once.
 */
export function pagerDutyRequests(
  { routingKey, url }: PagerDutyDestination,
  said: Spoken,
): readonly HttpRequest[] {
  const base = { routing_key: routingKey, dedup_key: cut(said.key, 255) };
  const send = (event: object): HttpRequest => ({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...base, ...event }),
  });
  const trigger = send({
    event_action: 'trigger',
    client: 'Tidewatch',
    client_url: said.link,
    links: [
      { href: said.link, text: 'Open in Tidewatch' },
      ...(said.runbook === null ? [] : [{ href: said.runbook, text: 'Runbook' }]),
    ],
    payload: {
      summary: cutBetweenWords(said.title, 1024),
      source: said.labels['model'] ?? 'tidewatch',
      // Ours are among the severities that PagerDuty knows, by the same names.
      severity: said.severity,
      timestamp: said.since.toISOString(),
      component: said.labels['version'] ?? '',
      group: said.labels['owner'] ?? '',
      class: said.labels['check'] ?? '',
      custom_details: { text: said.lines.join('\n'), ...said.labels },
    },
  });
  if (said.isBrief) return [trigger, send({ event_action: 'resolve' })];
  if (said.state === 'over') return [send({ event_action: 'resolve' })];
  return said.state === 'taken' ? [trigger, send({ event_action: 'acknowledge' })] : [trigger];
}

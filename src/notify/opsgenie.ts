import type { HttpRequest } from './http-sender.js';
import { cutBetweenWords } from '../domain/wording.js';
import { cut, type Spoken } from './spoken.js';

/** Opsgenie, or what speaks its Alert API; the key is that of an API integration. */
export interface OpsgenieDestination {
  readonly kind: 'opsgenie';
  readonly service: string;
  readonly apiKey: string;
  /** Without `/v2`. */
  readonly url: string;
}

const PRIORITY = { critical: 'P1', warning: 'P3', info: 'P5' } as const;

/**
 * Alert API v2 (docs.opsgenie.com): an alert is known by its alias, so that creating it twice counts and does not repeat. What is said of one that is
 * open goes into its notes too, because creating it again changes no text.
 */
export function opsgenieRequests({ apiKey, url }: OpsgenieDestination, said: Spoken): readonly HttpRequest[] {
  const alias = cut(said.key, 512);
  const send = (path: string, body: object): HttpRequest => ({
    method: 'POST',
    url: `${url.replace(/\/+$/u, '')}/v2/alerts${path}`,
    headers: { 'content-type': 'application/json', authorization: `GenieKey ${apiKey}` },
    body: JSON.stringify({ source: 'Tidewatch', ...body }),
  });
  const known = (verb: string) => `/${encodeURIComponent(alias)}/${verb}?identifierType=alias`;
  const create = send('', {
    message: cutBetweenWords(said.title, 130),
    alias,
    description: cut([...said.lines, said.link, said.runbook ?? ''].join('\n'), 15_000),
    entity: cut(said.labels['model'] ?? 'tidewatch', 512),
    priority: PRIORITY[said.severity],
    tags: ['tidewatch', ...Object.values(said.labels).filter((value) => value !== '')].slice(0, 20).map((tag) => cut(tag, 50)), // prettier-ignore
    details: said.labels,
  }); // prettier-ignore
  const close = send(known('close'), { note: cut(said.title, 25_000) });
  if (said.isBrief) return [create, close];
  if (said.state === 'over') return [close];
  return said.state === 'taken' ? [create, send(known('acknowledge'), { note: said.title })] : [create];
}

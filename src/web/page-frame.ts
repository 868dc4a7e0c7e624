import type { Request, Response } from 'express';
import type { Service } from '../service.js';
import { MOUNT } from './key-cookie.js';
import { document, type PageContent } from './layout.js';
import { visitorOf } from './visitor.js';

/** Everything comes from this service, nothing is run inline, and nobody may frame a page. */
const POLICY =
  "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': POLICY,
  'X-Content-Type-Options': 'nosniff',
  // Forms need their origin told to this service; other sites learn nothing.
  'Referrer-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
} as const;

/** A whole page for one visitor; sets the headers that every page has. */
export function framed(service: Service, content: PageContent, request: Request, response: Response): string {
  const visitor = visitorOf(service.door, request);
  const openCases = visitor
    ? service.incidents.cases({ state: 'OPEN' }).filter(({ partOf }) => partOf === null).length
    : 0;
  const waitingApprovals = visitor ? service.stages.approvals.pending().length : 0;
  response.set(HEADERS);
  const page = document(content, {
    now: service.options.clock.now(),
    visitor,
    openCases,
    waitingApprovals,
  }).text;
  return below(String(request.app.get(MOUNT) ?? ''), page);
}

/** Pages name addresses from the root; where the service is mounted below a path, that is put before them. Texts of others have no bare quotes. */
function below(mount: string, page: string): string {
  return mount === '' ? page : page.replaceAll(/\b(href|src|action)="\/(?!\/)/g, `$1="${mount}/`);
}

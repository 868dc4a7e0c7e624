import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Approvals } from '../approvals/approvals.js';
import { Clock } from '../domain/clock.js';
import { Incidents } from '../incidents/incidents.js';
import { KeyDoor } from '../registry/key-door.js';
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

/** What is around every page. */
@Injectable()
export class Framing {
  constructor(
    private readonly door: KeyDoor,
    private readonly incidents: Incidents,
    private readonly approvals: Approvals,
    private readonly clock: Clock,
  ) {}

  /** A whole page for one visitor; sets the headers that every page has. */
  around(content: PageContent, request: Request, response: Response): string {
    const visitor = visitorOf(this.door, request);
    const openCases = visitor
      ? this.incidents.cases({ state: 'OPEN' }).filter(({ partOf }) => partOf === null).length
      : 0;
    const waitingApprovals = visitor ? this.approvals.pending().length : 0;
    response.set(HEADERS);
    const now = this.clock.now();
    const page = document(content, { now, visitor, openCases, waitingApprovals }).text;
    return below(String(request.app.get(MOUNT) ?? ''), page);
  }
}

/** Pages name addresses from the root; where the service is mounted below a path, that is put before them. Texts of others have no bare quotes. */
function below(mount: string, page: string): string {
  return mount === '' ? page : page.replaceAll(/\b(href|src|action)="\/(?!\/)/g, `$1="${mount}/`);
}

import { Get, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { ACTIONS } from '../domain/actions.js';
import { checkingText } from '../ledger/ledger-checks.js';
import { Clock } from '../domain/clock.js';
import { Ledger } from '../ledger/ledger.js';
import { AuditActions } from '../pipeline/audit-actions.js';
import { KeyDoor } from '../registry/key-door.js';
import { Names } from '../registry/names.js';
import { auditPage } from './audit.page.js';
import { formText } from './form-text.js';
import type { PageContent } from './layout.js';
import { Pages } from './pages.decorator.js';
import { demandReader } from './visitor.js';

const PAGE = 100;

interface AuditQuery {
  readonly actor?: unknown;
  readonly people?: unknown;
  readonly action?: unknown;
  readonly before?: unknown;
  readonly verify?: unknown;
}

/** The ledger for people. */
@Pages('audit', 'audit')
export class AuditController {
  constructor(
    private readonly ledger: Ledger,
    private readonly actions: AuditActions,
    private readonly door: KeyDoor,
    private readonly names: Names,
    private readonly clock: Clock,
  ) {}

  @Get()
  async audit(@Query() query: AuditQuery, @Req() request: Request): Promise<PageContent> {
    const { ledger, names } = this;
    const action = Object.keys(ACTIONS).find((name) => name === query.action) ?? null;
    const before = Number(query.before);
    const actor = formText(query.actor) || null;
    const peopleOnly = query.people === 'only';
    const actorIds = actor === null ? null : names.idsOf(actor);
    await this.actions.noteReading(demandReader(this.door, request, 'audit'), {
      ...(action === null ? {} : { actions: [action] }),
      ...(actor === null ? {} : { actor }),
    });
    const read = await ledger.read({
      limit: PAGE + 1,
      newestFirst: true,
      ...(action === null ? {} : { actions: [action] }),
      ...(actorIds === null ? {} : { actorIds }),
      ...(peopleOnly ? { peopleOnly } : {}),
      ...(Number.isSafeInteger(before) && before > 0 ? { before } : {}),
    });
    const entries = read.slice(0, PAGE);
    const verification =
      query.verify === 'now' ? { found: await ledger.verify(), at: this.clock.now() } : null;
    return auditPage({
      entries,
      nameOf: (id) => names.of(id),
      size: ledger.size,
      root: ledger.root,
      checkpoint: this.actions.latest,
      problem: ledger.problem,
      checking: checkingText(ledger),
      refused: this.actions.openRefusals,
      verification,
      action,
      actor,
      actors: names.actors(),
      isUnknown: actorIds?.length === 0,
      peopleOnly,
      older: read.length > PAGE ? (entries.at(-1)?.seq ?? null) : null,
    });
  }
}

import { Get, Query, Req } from '@nestjs/common';
import type { Request } from 'express';
import { ACTIONS } from '../domain/actions.js';
import { checkingText } from '../ledger/ledger-checks.js';
import { noteReading } from '../registry/note-reading.js';
import { Service } from '../service.js';
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
  constructor(private readonly service: Service) {}

  @Get()
  async audit(@Query() query: AuditQuery, @Req() request: Request): Promise<PageContent> {
    const { ledger, auditReads, checkpoints, door, options, names } = this.service;
    const action = Object.keys(ACTIONS).find((name) => name === query.action) ?? null;
    const before = Number(query.before);
    const actor = formText(query.actor) || null;
    const peopleOnly = query.people === 'only';
    const actorIds = actor === null ? null : names.idsOf(actor);
    await noteReading({ ledger, auditReads }, demandReader(door, request, 'audit'), {
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
      query.verify === 'now' ? { found: await ledger.verify(), at: options.clock.now() } : null;
    return auditPage({
      entries,
      nameOf: (id) => names.of(id),
      size: ledger.size,
      root: ledger.root,
      checkpoint: checkpoints.latest,
      problem: ledger.problem,
      checking: checkingText(ledger),
      refused: this.service.stages.refusals.openOf(ledger.refused).length,
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

import { Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { INCIDENT_STATES } from '../domain/incident.js';
import { Incidents } from '../incidents/incidents.js';
import { IncidentReads } from '../pipeline/incident-reads.js';
import { Database } from '../store/database.js';
import { orderCases } from './fleet-order.js';
import { incidentPage, incidentsPage } from './incident.page.js';
import { readStory, readTold } from './incident.reads.js';
import type { PageContent } from './layout.js';
import { incidentPath } from './links.js';
import { PageContext } from './page-context.js';
import { PageError } from './page-error.js';
import { paged } from './pager.js';
import { Pages } from './pages.decorator.js';
import { IncidentActions } from '../pipeline/incident-actions.js';

const STORY_ENTRIES = 300;
/** Of each on one page. */
const ROWS = 100;
const CASES = 25;

interface ListQuery {
  readonly state?: unknown;
  readonly page?: unknown;
  readonly cases?: unknown;
}

/** Incidents, and taking one on. */
@Pages()
export class IncidentController {
  constructor(
    private readonly known: Incidents,
    private readonly reads: IncidentReads,
    private readonly actions: IncidentActions,
    private readonly database: Database,
    private readonly context: PageContext,
  ) {}

  @Get('incidents')
  incidents(@Query() query: ListQuery): PageContent {
    const { known: incidents } = this;
    const state = INCIDENT_STATES.find((one) => one === query.state) ?? null;
    if (state === null && query.state !== undefined && query.state !== '')
      throw new PageError(
        400,
        `There is no state of that name; incidents are ${INCIDENT_STATES.join(', ')}.`,
      );
    const found = incidents.list(state === null ? {} : { states: [state] });
    const open = incidents.cases({ state: 'OPEN' }).filter(({ partOf }) => partOf === null);
    const cases = orderCases(open, (model) => this.reads.tierOf(model));
    return incidentsPage({
      incidents: paged(found, query.page, ROWS),
      state,
      cases: paged(cases, query.cases, CASES),
      tell: (one) => this.reads.tell(one),
    });
  }

  @Get('incidents/:id')
  async incident(@Param('id') id: string, @Req() request: Request): Promise<PageContent> {
    const { known: incidents, reads, database, context } = this;
    const incident = incidents.find(id);
    if (!incident)
      throw new PageError(
        404,
        `There is no incident ${id}, or it was closed long ago; the audit log still has it.`,
      );
    const [story, told, cost, trend, evidence] = await Promise.all([
      readStory(database, { id, since: incident.openedAt, limit: STORY_ENTRIES }),
      readTold(database, incident.caseId),
      reads.costOf(incident),
      reads.trendOf(incident),
      reads.evidenceOf(incident),
    ]);
    const cause = incident.explainedBy === null ? null : (incidents.find(incident.explainedBy) ?? null);
    return incidentPage({
      incident,
      change: reads.changeOf(incident),
      cost,
      cause,
      story,
      trend,
      evidence,
      told,
      mayOperate: context.mayChange(request, 'operate', reads.modelOf(incident)),
      nameOf: context.nameOf,
      now: context.now(),
    });
  }

  @Post('incidents/:id/acknowledge')
  @HttpCode(303)
  async acknowledge(
    @Param('id') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const model = this.reads.modelOf(this.known.find(id));
    const who = this.context.demandAllowed(request, 'operate', model);
    await this.actions.acknowledge(id, who);
    response.redirect(303, incidentPath(id));
  }
}

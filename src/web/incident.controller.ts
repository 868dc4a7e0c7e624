import { Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { changeOf } from '../domain/change-text.js';
import { INCIDENT_STATES } from '../domain/incident.js';
import { titleCase } from '../pipeline/brief-case.js';
import { caseSubject } from '../pipeline/case-subject.js';
import { drawnTrend } from '../pipeline/case-picture.js';
import { costOfIncident } from '../pipeline/incident-cost.js';
import { readEvidence } from '../pipeline/incident-evidence.js';
import { factsOf } from '../domain/incident-facts.js';
import { Service } from '../service.js';
import { orderCases } from './fleet-order.js';
import { incidentPage, incidentsPage } from './incident.page.js';
import { readStory, readTold } from './incident.reads.js';
import type { PageContent } from './layout.js';
import { incidentPath } from './links.js';
import { PageError } from './page-error.js';
import { paged } from './pager.js';
import { Pages } from './pages.decorator.js';
import { drawnOf } from './trend-figure.js';
import { demandAllowed, mayChange } from './visitor.js';
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
    private readonly service: Service,
    private readonly actions: IncidentActions,
  ) {}

  @Get('incidents')
  incidents(@Query() query: ListQuery): PageContent {
    const { incidents, registry, stages } = this.service;
    const state = INCIDENT_STATES.find((one) => one === query.state) ?? null;
    if (state === null && query.state !== undefined && query.state !== '')
      throw new PageError(
        400,
        `There is no state of that name; incidents are ${INCIDENT_STATES.join(', ')}.`,
      );
    const found = incidents.list(state === null ? {} : { states: [state] });
    const open = incidents.cases({ state: 'OPEN' }).filter(({ partOf }) => partOf === null);
    const cases = orderCases(open, (model) => registry.tierOf(model));
    return incidentsPage({
      incidents: paged(found, query.page, ROWS),
      state,
      cases: paged(cases, query.cases, CASES),
      tell: (one) => titleCase(stages, one),
    });
  }

  @Get('incidents/:id')
  async incident(@Param('id') id: string, @Req() request: Request): Promise<PageContent> {
    const { incidents, database, door, names, registry, options } = this.service;
    const incident = incidents.find(id);
    if (!incident)
      throw new PageError(
        404,
        `There is no incident ${id}, or it was closed long ago; the audit log still has it.`,
      );
    const [story, told, cost, trend, evidence] = await Promise.all([
      readStory(database, { id, since: incident.openedAt, limit: STORY_ENTRIES }),
      readTold(database, incident.caseId),
      costOfIncident(this.service.stages, incident),
      drawnTrend(this.service.stages, drawnOf(incident), factsOf(incident.course)),
      readEvidence(this.service.stages, incident),
    ]);
    const cause = incident.explainedBy === null ? null : (incidents.find(incident.explainedBy) ?? null);
    const known = caseSubject(this.service.stages, incident.signal.model, incident.signal.version);
    return incidentPage({
      incident,
      change: changeOf(incident, known),
      cost,
      cause,
      story,
      trend,
      evidence,
      told,
      mayOperate: mayChange(door, request, 'operate', registry.find(incident.signal.model)?.model),
      nameOf: (one) => names.of(one),
      now: options.clock.now(),
    });
  }

  @Post('incidents/:id/acknowledge')
  @HttpCode(303)
  async acknowledge(
    @Param('id') id: string,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { door, incidents, registry } = this.service;
    const model = registry.find(incidents.find(id)?.signal.model ?? '')?.model;
    const who = demandAllowed(door, request, 'operate', model);
    await this.actions.acknowledge(id, who);
    response.redirect(303, incidentPath(id));
  }
}

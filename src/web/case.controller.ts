import { Body, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { SEVERITIES } from '../domain/incident.js';
import { riskTier } from '../domain/model.js';
import { ROOT_CAUSES } from '../domain/root-cause.js';
import { actOnCase, type CaseAction } from '../pipeline/act-on-case.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { findingPicture, type Drawn } from '../pipeline/case-picture.js';
import { Service } from '../service.js';
import { casePage } from './case.page.js';
import { readTold } from './incident.reads.js';
import type { PageContent } from './layout.js';
import { casePath } from './links.js';
import { PageError } from './page-error.js';
import { Pages } from './pages.decorator.js';
import { demandOperator, mayOperate } from './visitor.js';

type Form = Readonly<Record<string, unknown>> | undefined;

/** One case, and what a person does about it. */
@Pages('cases')
export class CaseController {
  constructor(private readonly service: Service) {}

  @Get(':id')
  async case(@Param('id') id: string, @Req() request: Request): Promise<PageContent> {
    const { incidents, database, door, registry, stages, options } = this.service;
    const found = incidents.case(id);
    if (!found)
      throw new PageError(
        404,
        `There is no case ${id}, or it was closed long ago; the audit log still has it.`,
      );
    const risk = registry.find(found.model)?.model.risk;
    return casePage({
      found,
      file: stages.caseFiles.find(id),
      told: await readTold(database, id),
      mayOperate: mayOperate(door, request),
      needsCause: risk !== undefined && riskTier(risk) === 'HIGH',
      hasPicture: leadingOf(found.members) !== null,
      now: options.clock.now(),
    });
  }

  /** The leading finding window by window, dark since it began. */
  @Get(':id/picture.png')
  async picture(@Param('id') id: string, @Res() response: Response): Promise<void> {
    const leading = leadingOf(this.service.incidents.case(id)?.members ?? []);
    const picture = leading && (await findingPicture(this.service.database, leading));
    if (!picture) throw new PageError(404, 'There is nothing to draw for this case.');
    response.set({ 'Content-Type': 'image/png', 'Cache-Control': 'no-store' }).send(picture);
  }

  @Post(':id/:verb')
  @HttpCode(303)
  async act(
    @Param() { id, verb }: { id: string; verb: string },
    @Body() form: Form,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const who = demandOperator(this.service.door, request);
    const action = actionOf(id, verb, form);
    if (!action) throw new PageError(404, `There is nothing called ${verb} to do about a case.`);
    await actOnCase(this.service.stages, action, who);
    response.redirect(303, casePath(id));
  }
}

/** What a picture shows: the worst that is open and has a size, else the worst there was. */
function leadingOf(members: readonly IncidentRecord[]): Drawn | null {
  const sized = members.filter(({ effect }) => effect !== null);
  const rank = ({ severity, state, explainedBy }: IncidentRecord) =>
    10 * Number(state !== 'CLOSED') + 5 * Number(explainedBy === null) + SEVERITIES.indexOf(severity);
  const leading = sized.toSorted((a, b) => rank(b) - rank(a))[0];
  if (!leading) return null;
  const { signal, statistic, course } = leading;
  const { model, version, check, feature, segment } = signal;
  return { model, version, check, feature, segment, statistic, onset: course.onset };
}

function actionOf(id: string, verb: string, form: Form): CaseAction | null {
  const text = (name: string) => {
    const value = form?.[name];
    return typeof value === 'string' ? value : '';
  };
  switch (verb) {
    case 'acknowledge':
      return { kind: 'acknowledge', id };
    case 'assign':
      return { kind: 'assign', id, to: text('to') === '' ? null : text('to') };
    case 'note':
      return { kind: 'note', id, note: text('note') };
    case 'close': {
      const rootCause = ROOT_CAUSES.find((one) => one === text('rootCause')) ?? null;
      return { kind: 'close', id, rootCause, note: text('note') };
    }
    case 'reopen':
      return { kind: 'reopen', id, reason: text('reason') };
    default:
      return null;
  }
}

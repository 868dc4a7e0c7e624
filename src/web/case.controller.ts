import { Body, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CHECKS } from '../domain/check-result.js';
import { riskTier } from '../domain/model.js';
import { ROOT_CAUSES } from '../domain/root-cause.js';
import type { CaseAction } from '../pipeline/act-on-case.js';
import { actOnSerious } from '../pipeline/act-on-serious.js';
import { briefCase } from '../pipeline/brief-case.js';
import { caseKnownNow } from '../pipeline/known-when-sent.js';
import { askWhyNormal, wantNormal, type NormalWish } from '../pipeline/want-normal.js';
import { closingOf } from '../pipeline/want-closing.js';
import { drawnTrend } from '../pipeline/case-picture.js';
import { factsOf } from '../domain/incident-facts.js';
import { Service } from '../service.js';
import { casePage } from './case.page.js';
import { readTold } from './incident.reads.js';
import type { PageContent } from './layout.js';
import { approvalPath, casePath } from './links.js';
import { formText } from './form-text.js';
import { PageError } from './page-error.js';
import { Pages } from './pages.decorator.js';
import { seriousActionOf } from './serious.panel.js';
import { drawnOf } from './trend-figure.js';
import { demandAllowed, mayChange } from './visitor.js';
import { IncidentActions } from '../pipeline/incident-actions.js';

type Form = Readonly<Record<string, unknown>> | undefined;

/** One case, and what a person does about it. */
@Pages('cases')
export class CaseController {
  constructor(
    private readonly service: Service,
    private readonly actions: IncidentActions,
  ) {}

  @Get(':id')
  async case(@Param('id') id: string, @Req() request: Request): Promise<PageContent> {
    const { incidents, database, door, registry, stages, options } = this.service;
    const found = incidents.case(id);
    if (!found)
      throw new PageError(
        404,
        `There is no case ${id}, or it was closed long ago; the audit log still has it.`,
      );
    const model = registry.find(found.model)?.model ?? null;
    const message = await caseKnownNow(stages, briefCase(stages, found));
    const leading = found.members.find((one) => one.id === message.findings[0]?.incidentId) ?? null;
    return casePage({
      found,
      guests: incidents.together(id).filter(({ caseId }) => caseId !== id),
      file: stages.caseFiles.find(id),
      serious: stages.seriousIncidents.find(id) ?? null,
      told: await readTold(database, id),
      mayOperate: mayChange(door, request, 'operate', model),
      closing: closingOf(stages, id)?.id ?? null,
      normal: found.state === 'OPEN' ? askWhyNormal(stages, id) : null,
      needsCause: model !== null && riskTier(model.risk) === 'HIGH',
      message,
      leading,
      trend: leading ? await drawnTrend(stages, drawnOf(leading), factsOf(leading.course)) : [],
      now: options.clock.now(),
    });
  }

  @Post(':id/:verb')
  @HttpCode(303)
  async act(
    @Param() { id, verb }: { id: string; verb: string },
    @Body() form: Form,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { door, incidents, registry } = this.service;
    const model = registry.find(incidents.case(id)?.model ?? '')?.model ?? null;
    const who = demandAllowed(door, request, 'operate', model);
    const serious = seriousActionOf(id, verb, (name) => formText(form?.[name]));
    if (serious) {
      const asked = await actOnSerious(this.service.stages, serious, who);
      return response.redirect(303, asked === null ? casePath(id) : approvalPath(asked));
    }
    if (verb === 'normal') {
      const { approval } = await wantNormal(this.service.stages, normalOf(id, form), who);
      return response.redirect(303, approval === null ? casePath(id) : approvalPath(approval));
    }
    const action = actionOf(id, verb, form);
    if (!action) throw new PageError(404, `There is nothing called ${verb} to do about a case.`);
    const waits = await this.actions.onCase(action, who);
    response.redirect(303, waits === null ? casePath(id) : approvalPath(waits));
  }
}

function normalOf(caseId: string, form: Form): NormalWish {
  const named: readonly unknown[] = [form?.['checks']].flat();
  return { caseId, reason: formText(form?.['reason']), checks: CHECKS.filter((check) => named.includes(check)) }; // prettier-ignore
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

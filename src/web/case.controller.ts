import { Body, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CHECKS } from '../domain/check-result.js';
import { ROOT_CAUSES } from '../domain/root-cause.js';
import type { CaseClosing } from '../incidents/case-commands.js';
import { words } from '../domain/wording.js';
import type { CaseAction } from '../pipeline/act-on-case.js';
import { CaseReads } from '../pipeline/case-reads.js';
import { SeriousActions } from '../pipeline/serious-actions.js';
import type { NormalWish } from '../pipeline/want-normal.js';
import { Database } from '../store/database.js';
import { casePage } from './case.page.js';
import { readTold } from './incident.reads.js';
import type { PageContent } from './layout.js';
import { approvalPath, casePath } from './links.js';
import { formText } from './form-text.js';
import { PageContext } from './page-context.js';
import { PageError } from './page-error.js';
import { Pages } from './pages.decorator.js';
import { seriousActionOf } from './serious.panel.js';
import { IncidentActions } from '../pipeline/incident-actions.js';

type Form = Readonly<Record<string, unknown>> | undefined;

/** One case, and what a person does about it. */
@Pages('cases')
export class CaseController {
  constructor(
    private readonly cases: CaseReads,
    private readonly actions: IncidentActions,
    private readonly serious: SeriousActions,
    private readonly database: Database,
    private readonly context: PageContext,
  ) {}

  @Get(':id')
  async case(@Param('id') id: string, @Req() request: Request): Promise<PageContent> {
    const view = await this.cases.view(id);
    if (!view)
      throw new PageError(
        404,
        `There is no case ${id}, or it was closed long ago; the audit log still has it.`,
      );
    const { model, ...shown } = view;
    const { found, guests } = shown;
    return casePage({
      ...shown,
      guests,
      told: await readTold(this.database, id),
      mayOperate: this.context.mayChange(request, 'operate', model),
      normal: found.state === 'OPEN' ? this.actions.whyNormal(id) : null,
      now: this.context.now(),
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
    const who = this.context.demandAllowed(request, 'operate', this.cases.modelOf(id));
    const serious = seriousActionOf(id, verb, (name) => formText(form?.[name]));
    if (serious) {
      const asked = await this.serious.act(serious, who);
      return response.redirect(303, asked === null ? casePath(id) : approvalPath(asked));
    }
    if (verb === 'normal') {
      const { approval } = await this.actions.normal(normalOf(id, form), who);
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

/** What whoever closes a case says it was, and why. Throws a PageError where they did not: nobody says "unknown" by leaving a form empty. */
function closingOf(cause: string, note: string): Pick<CaseClosing, 'rootCause' | 'note'> {
  const rootCause = ROOT_CAUSES.find((one) => one === cause);
  if (!rootCause) throw new PageError(400, `Say what it was: choose one of ${ROOT_CAUSES.map(words).join(', ')}.`);
  if (note.trim() === '') throw new PageError(400, 'Say why you close it: those who come after read it.');
  return { rootCause, note };
} // prettier-ignore

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
    case 'close':
      return { kind: 'close', id, ...closingOf(text('rootCause'), text('note')) };
    case 'reopen':
      return { kind: 'reopen', id, reason: text('reason') };
    default:
      return null;
  }
}

import { Body, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Approval } from '../approvals/approval.js';
import { expiryOf } from '../approvals/decide-approval.js';
import { approvalTier, askedBy, neededFor } from '../pipeline/answer-approval.js';
import { approvalChanges } from '../pipeline/approval-changes.js';
import { unreached } from '../policies/named-channels.js';
import { Service } from '../service.js';
import { approvalPage, approvalsPage, type ApprovalView } from './approval.page.js';
import { formText } from './form-text.js';
import type { PageContent } from './layout.js';
import { approvalPath } from './links.js';
import { PageError } from './page-error.js';
import { Pages } from './pages.decorator.js';
import { demandAllowed, mayChange } from './visitor.js';
import { ApprovalActions } from '../pipeline/approval-actions.js';

interface DecideForm {
  readonly decision?: unknown;
  readonly note?: unknown;
  readonly hash?: unknown;
}

/** What other people have to agree to, and their yes and no. */
@Pages('approvals')
export class ApprovalController {
  constructor(
    private readonly service: Service,
    private readonly actions: ApprovalActions,
  ) {}

  @Get()
  list(): PageContent {
    return approvalsPage(this.service.stages.approvals.list().map((one) => this.shown(one)));
  }

  @Get(':id')
  async one(@Param('id') id: string, @Req() request: Request): Promise<PageContent> {
    const { door, stages } = this.service;
    const approval = stages.approvals.find(id);
    if (!approval) throw new PageError(404, `There is no approval ${id}.`);
    const proposal = stages.policyBook.proposal(id);
    const compiled = stages.policyBook.compiledProposal(id);
    return approvalPage({
      ...this.shown(approval),
      policy: proposal ? { proposal, isLater: stages.policyBook.scheduledFor(id) !== null } : null,
      changes: await approvalChanges(stages, approval),
      unknownChannels: compiled ? unreached([compiled], stages.channels) : [],
      mayDecide: mayChange(door, request, 'approve'),
      isOfTraining: stages.retrainings.story(id) !== undefined,
    });
  }

  @Post(':id')
  @HttpCode(303)
  async decide(
    @Param('id') id: string,
    @Body() form: DecideForm | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { door } = this.service;
    if (form?.decision === 'withdraw') {
      const { actor } = demandAllowed(door, request, 'read');
      const mayApprove = mayChange(door, request, 'approve');
      await this.actions.withdraw({ id, reason: formText(form.note), actor, mayApprove });
      response.redirect(303, approvalPath(id));
      return;
    }
    const { actor } = demandAllowed(door, request, 'approve');
    const isYes = form?.decision === 'approve';
    if (!isYes && form?.decision !== 'decline') throw new PageError(400, 'Say approve or decline.');
    const note = formText(form.note);
    if (!isYes && note === '') throw new PageError(400, 'Say in the note why not.');
    const hash = typeof form.hash === 'string' ? form.hash : null;
    await this.actions.decide({ id, isYes, note, hash, actor });
    response.redirect(303, approvalPath(id));
  }

  private shown(approval: Approval): ApprovalView {
    const { stages, names } = this.service;
    return {
      approval,
      tier: approvalTier(stages, approval),
      needed: neededFor(stages, approval),
      expiresAt: expiryOf(approval, stages.approvalRules),
      askedBy: names.of(askedBy(stages, approval)),
      nameOf: (actor) => names.of(actor),
    };
  }
}

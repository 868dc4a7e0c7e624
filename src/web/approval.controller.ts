import { Body, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Approval } from '../approvals/approval.js';
import { ApprovalReads } from '../pipeline/approval-reads.js';
import { PolicyReads } from '../pipeline/policy-reads.js';
import { approvalPage, approvalsPage, type ApprovalView } from './approval.page.js';
import { formText } from './form-text.js';
import type { PageContent } from './layout.js';
import { approvalPath } from './links.js';
import { PageContext } from './page-context.js';
import { demandApprover } from './demand-approver.js';
import { PageError } from './page-error.js';
import { Pages } from './pages.decorator.js';
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
    private readonly reads: ApprovalReads,
    private readonly policies: PolicyReads,
    private readonly context: PageContext,
    private readonly actions: ApprovalActions,
  ) {}

  @Get()
  list(): PageContent {
    return approvalsPage(this.reads.list().map((one) => this.shown(one)));
  }

  @Get(':id')
  async one(@Param('id') id: string, @Req() request: Request): Promise<PageContent> {
    const approval = this.reads.find(id);
    if (!approval) throw new PageError(404, `There is no approval ${id}.`);
    const proposal = this.policies.proposal(id);
    return approvalPage({
      ...this.shown(approval),
      policy: proposal && { proposal, isLater: this.policies.isScheduled(id) },
      changes: await this.reads.changesOf(approval),
      unknownChannels: this.policies.unknownChannelsWith(id),
      mayDecide: this.context.mayChange(request, 'approve'),
      isOfTraining: this.reads.isOfTraining(id),
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
    const { context } = this;
    if (form?.decision === 'withdraw') {
      const { actor } = context.demandAllowed(request, 'read');
      const mayApprove = context.mayChange(request, 'approve');
      await this.actions.withdraw({ id, reason: formText(form.note), actor, mayApprove });
      response.redirect(303, approvalPath(id));
      return;
    }
    const isYes = form?.decision === 'approve';
    const { actor } = await demandApprover(context, this.actions, request, { id, isYes });
    if (!isYes && form?.decision !== 'decline') throw new PageError(400, 'Say approve or decline.');
    const note = formText(form.note);
    if (!isYes && note === '') throw new PageError(400, 'Say in the note why not.');
    const hash = typeof form.hash === 'string' ? form.hash : null;
    await this.actions.decide({ id, isYes, note, hash, actor });
    response.redirect(303, approvalPath(id));
  }

  private shown(approval: Approval): ApprovalView {
    return {
      approval,
      tier: this.reads.tierOf(approval),
      needed: this.reads.neededFor(approval),
      expiresAt: this.reads.expiryOf(approval),
      askedBy: this.reads.askedBy(approval),
      nameOf: this.context.nameOf,
    };
  }
}

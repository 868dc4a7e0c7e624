import { Body, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { askedInstant } from '../domain/instant.js';
import { PolicyActions } from '../pipeline/policy-actions.js';
import { PolicyReads } from '../pipeline/policy-reads.js';
import { PolicyVersionTaken } from '../policies/active-policies.js';
import { PolicyError } from '../policies/policy-error.js';
import { formText } from './form-text.js';
import { Framing } from './framing.js';
import type { PageContent } from './layout.js';
import { approvalPath } from './links.js';
import { PageContext } from './page-context.js';
import { PageError } from './page-error.js';
import { Pages } from './pages.decorator.js';
import { policiesPage, policyPage, proposalFormPage, type FormState } from './policy.page.js';

interface ProposeForm {
  readonly yaml?: unknown;
  readonly reason?: unknown;
  readonly from?: unknown;
  readonly step?: unknown;
}

/** Stored results that a proposal is rehearsed on. */
const DAYS = 30;

/** Policies: their text, history and differences, what another text would do, and its proposal. */
@Pages('policies')
export class PolicyController {
  constructor(
    private readonly reads: PolicyReads,
    private readonly actions: PolicyActions,
    private readonly context: PageContext,
    private readonly frame: Framing,
  ) {}

  @Get()
  list(@Req() request: Request): PageContent {
    return policiesPage({
      inForce: this.reads.inForce(),
      proposals: this.reads.proposals().map((proposal) => ({
        proposal,
        state: this.reads.stateOf(proposal),
        by: this.context.nameOf(proposal.actor.id),
      })),
      mayPropose: this.context.mayChange(request, 'operate'),
    });
  }

  @Get('-/propose')
  form(): PageContent {
    return proposalFormPage({ yaml: '', reason: '', from: '', problem: null, rehearsal: null });
  }

  @Post('-/propose')
  @HttpCode(200)
  async propose(
    @Body() form: ProposeForm | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { actor } = this.context.demandAllowed(request, 'operate');
    const said = { yaml: formText(form?.yaml), reason: formText(form?.reason), from: formText(form?.from) };
    try {
      if (form?.step === 'propose') {
        const wish = { ...said, from: dayOf(said.from), days: DAYS };
        response.redirect(303, approvalPath(await this.actions.propose(wish, actor)));
        return;
      }
      const rehearsal = await this.actions.rehearseText(said.yaml, DAYS);
      this.answer({ ...said, problem: null, rehearsal }, request, response);
    } catch (error) {
      if (!(error instanceof PolicyError) && !(error instanceof PolicyVersionTaken)) throw error;
      response.status(400);
      this.answer({ ...said, problem: error.message, rehearsal: null }, request, response);
    }
  }

  @Get(':id')
  async one(@Param('id') id: string): Promise<PageContent> {
    const versions = await this.reads.history(id);
    if (versions.length === 0) throw new PageError(404, `There never was a policy ${id}.`);
    const later = this.reads.scheduledOf(id);
    return policyPage(id, { versions, later }, this.context.nameOf);
  }

  private answer(state: FormState, request: Request, response: Response): void {
    response.send(this.frame.around(proposalFormPage(state), request, response));
  }
}

/** The begin of a day, or of an instant, in UTC; null where nothing is said. Throws PageError for what is none. */
function dayOf(text: string): Date | null {
  if (text === '') return null;
  const at = askedInstant(text);
  if (at) return at;
  throw new PageError(
    400,
    `"${text}" is no day: write 2026-12-01, or an instant with its zone, 2026-12-01T06:00:00Z.`,
  );
}

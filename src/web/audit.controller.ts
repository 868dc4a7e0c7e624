import { Body, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ACTIONS } from '../domain/actions.js';
import { checkingText } from '../ledger/ledger-checks.js';
import { Ledger } from '../ledger/ledger.js';
import { AuditActions } from '../pipeline/audit-actions.js';
import { Names } from '../registry/names.js';
import { AuditProofs, type ProvedEntry } from '../pipeline/audit-proofs.js';
import { NoSuchPlace } from '../ledger/prove-entry.js';
import { auditEntryPage } from './audit-entry.page.js';
import { auditPage } from './audit.page.js';
import { CHANGES, type ChangedSection } from './changed-section.js';
import { formText } from './form-text.js';
import type { PageContent } from './layout.js';
import { PageContext } from './page-context.js';
import { PageError } from './page-error.js';
import { Pages } from './pages.decorator.js';

const PAGE = 100;
/** Of what people said of changed windows, so much is shown. */
const REVIEWS = 20;

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
    private readonly names: Names,
    private readonly proofs: AuditProofs,
    private readonly context: PageContext,
  ) {}

  @Get()
  async audit(@Query() query: AuditQuery, @Req() request: Request): Promise<PageContent> {
    const { ledger, names } = this;
    const asked = formText(query.action);
    const action = Object.keys(ACTIONS).find((name) => name === asked) ?? null;
    if (asked !== '' && action === null)
      throw new PageError(404, `No action is called "${asked}"; known: ${Object.keys(ACTIONS).join(', ')}.`);
    const before = Number(query.before);
    const actor = formText(query.actor) || null;
    const peopleOnly = query.people === 'only';
    const actorIds = actor === null ? null : names.idsOf(actor);
    await this.actions.noteReading(this.context.demandReader(request, 'audit'), {
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
    const verification = query.verify === 'now' ? await this.actions.verify() : null;
    return auditPage({
      entries,
      nameOf: (id) => names.of(id),
      size: ledger.size,
      root: ledger.root,
      checkpoint: this.actions.latest,
      problem: ledger.problem,
      checking: checkingText(ledger),
      refused: this.actions.openRefusals,
      changed: this.changed(request),
      verification,
      action,
      actor,
      actors: names.actors(),
      isUnknown: actorIds?.length === 0,
      peopleOnly,
      older: read.length > PAGE ? (entries.at(-1)?.seq ?? null) : null,
    });
  }

  /** One entry, and that it stands in the signed log. */
  @Get(':seq')
  async entry(@Param('seq') place: string, @Req() request: Request): Promise<PageContent> {
    const { ledger, names } = this;
    const seq = Number(place);
    await this.actions.noteReading(this.context.demandReader(request, 'audit'), { seq: place });
    const proved = await this.proved(seq, place);
    const [entry] = await ledger.read({ limit: 1, after: seq - 1 });
    if (entry?.seq !== seq) throw new PageError(404, `There is no entry ${place}.`);
    const by = entry.actor.type === 'system' ? 'system' : names.of(entry.actor.id);
    return auditEntryPage({ entry, proved, by });
  }

  /** A person looked into the judged windows that were changed in the store. */
  @Post('changes')
  @HttpCode(303)
  async review(
    @Body() form: { readonly note?: unknown } | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { actor } = this.context.demandAllowed(request, 'admin');
    const note = formText(form?.note);
    if (note === '') throw new PageError(400, 'Write what was found out.');
    await this.actions.reviewChanges(actor, note);
    response.redirect(303, CHANGES);
  }

  private changed(request: Request): ChangedSection {
    const { changes, changesReviews } = this.actions;
    const mayReview = this.context.mayChange(request, 'admin');
    return { changes, reviews: changesReviews.slice(0, REVIEWS), nameOf: this.context.nameOf, mayReview };
  }

  private async proved(seq: number, place: string): Promise<ProvedEntry> {
    if (!Number.isSafeInteger(seq)) throw new PageError(404, `Entries have numbers, and ${place} is none.`);
    try {
      return await this.proofs.of(seq);
    } catch (error) {
      if (error instanceof NoSuchPlace) throw new PageError(404, `${error.message}.`);
      throw error;
    }
  }
}

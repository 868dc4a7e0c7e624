import { Body, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Actor } from '../domain/ledger-entry.js';
import { PlatformReads } from '../pipeline/platform-reads.js';
import { RetrainingActions } from '../pipeline/retraining-actions.js';
import { RetrainingReads } from '../pipeline/retraining-reads.js';
import { Registry } from '../registry/registry.js';
import { SHOWN_STATES, shownState, type ShownState } from '../retraining/shown-state.js';
import type { RetrainingStory } from '../retraining/story.js';
import { headlineOf } from '../domain/incident-headline.js';
import type { Incident } from '../domain/incident.js';
import { riskTier } from '../domain/model.js';
import { demandApprover } from './demand-approver.js';
import { formText } from './form-text.js';
import type { PageContent } from './layout.js';
import { retrainingPath, retrainingsOfPath } from './links.js';
import { manifestPanel } from './manifest.panel.js';
import type { OutlookPanel } from './outlook.panel.js';
import { PageContext } from './page-context.js';
import { PageError } from './page-error.js';
import { paged } from './pager.js';
import { Pages } from './pages.decorator.js';
import { previewPage, retrainingPage } from './retraining.page.js';
import { retrainingsPage, type Told } from './retrainings.page.js';

/** What it was about, where it is still kept. */
function summaryOf(incident: Incident | undefined): string | null {
  return incident ? headlineOf(incident) : null;
}

const MONTH_MS = 30 * 86_400_000;

interface Filter {
  readonly model?: unknown;
  readonly state?: unknown;
  readonly page?: unknown;
}

/** Trainings on one page. */
const ROWS = 100;

interface NoteForm {
  readonly note?: unknown;
}

interface ModelForm extends NoteForm {
  readonly model?: unknown;
}

/** Trainings that were wanted, and a person's yes or no to those that wait for one. */
@Pages('retrainings')
export class RetrainingController {
  constructor(
    private readonly reads: RetrainingReads,
    private readonly actions: RetrainingActions,
    private readonly registry: Registry,
    private readonly platform: PlatformReads,
    private readonly context: PageContext,
  ) {}

  @Get()
  list(@Query() { model, state, page }: Filter, @Req() request: Request): PageContent {
    const key = typeof model === 'string' && model !== '' ? model : null;
    if (key !== null) this.registry.load(key);
    const asked = stateOf(state);
    const now = this.context.now();
    const told = this.reads.known.history(key).map((story) => this.told(story));
    return retrainingsPage({
      told: paged(
        told.filter((one) => asked === null || one.state === asked),
        page,
        ROWS,
      ),
      model: key,
      state: asked,
      models: this.registry.models().map((one) => one.model.key),
      outlook: key === null ? null : this.outlook(key, request),
      month: this.platform.metrics({ since: new Date(now.getTime() - MONTH_MS), until: now }),
    });
  }

  @Get('preview')
  async preview(@Query('model') model: unknown): Promise<PageContent> {
    const key = typeof model === 'string' ? this.registry.load(model).model.key : null;
    if (key === null) throw new PageError(400, 'Say of which model: /retrainings/preview?model=…');
    return previewPage(key, manifestPanel(await this.reads.manifest(key)));
  }

  @Get(':id')
  one(@Param('id') id: string, @Req() request: Request): PageContent {
    const { context, reads } = this;
    const story = reads.known.story(id);
    if (!story) throw new PageError(404, `There is no training ${id}.`);
    const model = this.registry.find(story.model)?.model;
    return retrainingPage({
      ...this.told(story),
      incidents: reads
        .incidentsOf(story)
        .map(([one, incident]) => ({ id: one, summary: summaryOf(incident) })),
      manifest: reads.known.manifestOf(id),
      mayDecide: context.mayChange(request, 'approve'),
      needsNote: model !== undefined && riskTier(model.risk) === 'HIGH',
      mayOperate: context.mayChange(request, 'operate', model),
      nameOf: context.nameOf,
    });
  }

  @Post(':id/approve')
  @HttpCode(303)
  async approve(
    @Param('id') id: string,
    @Body() form: NoteForm | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { actor } = await demandApprover(this.context, this.actions, request, { id, isYes: true });
    await this.actions.answer({ id, note: formText(form?.note), actor, isYes: true });
    response.redirect(303, retrainingPath(id));
  }

  @Post(':id/reject')
  @HttpCode(303)
  async reject(
    @Param('id') id: string,
    @Body() form: NoteForm | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { actor } = await demandApprover(this.context, this.actions, request, { id, isYes: false });
    const note = formText(form?.note);
    if (note === '') throw new PageError(400, 'Say in the note why not.');
    await this.actions.answer({ id, note, actor, isYes: false });
    response.redirect(303, retrainingPath(id));
  }

  /** A person asks for a training, under the guard rails. */
  @Post('request')
  @HttpCode(303)
  async request(
    @Body() form: ModelForm | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { model, actor } = this.operator(form, request);
    await this.actions.request({ model, reason: formText(form?.note), incidents: [], actor });
    response.redirect(303, retrainingsOfPath(model));
  }

  @Post('reset-breaker')
  @HttpCode(303)
  async reset(
    @Body() form: ModelForm | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const word = { ...this.operator(form, request), note: formText(form?.note) };
    await this.actions.resetBreaker(word);
    response.redirect(303, retrainingsOfPath(word.model));
  }

  @Post(':id/cancel')
  @HttpCode(303)
  async cancel(
    @Param('id') id: string,
    @Body() form: NoteForm | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const model = this.registry.find(this.reads.known.find(id)?.model ?? '')?.model;
    const { actor } = this.context.demandAllowed(request, 'operate', model);
    await this.actions.callOff({ id, note: formText(form?.note), actor });
    response.redirect(303, retrainingPath(id));
  }

  private operator(form: ModelForm | undefined, request: Request): { model: string; actor: Actor } {
    const { model } = this.registry.load(typeof form?.model === 'string' ? form.model : '');
    const { actor } = this.context.demandAllowed(request, 'operate', model);
    return { model: model.key, actor };
  }

  private outlook(key: string, request: Request): OutlookPanel {
    const { model } = this.registry.load(key);
    const mayOperate = this.context.mayChange(request, 'operate', model);
    return { model: key, outlook: this.reads.outlook(key), mayOperate };
  }

  private told(story: RetrainingStory): Told {
    const run = this.reads.known.find(story.id);
    return { story, run, state: shownState(story, run) };
  }
}

function stateOf(asked: unknown): ShownState | null {
  if (asked === undefined || asked === '') return null;
  const name = typeof asked === 'string' ? asked.toUpperCase().replaceAll('-', '_') : '';
  const found = SHOWN_STATES.find((one) => one === name);
  if (found) return found;
  throw new PageError(400, `There is no such state of a training. There are: ${SHOWN_STATES.join(', ')}.`);
}

import { Body, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Actor, NewEntry } from '../domain/ledger-entry.js';
import { answerTraining } from '../pipeline/answer-training.js';
import { callOff } from '../pipeline/call-off-training.js';
import { retrainContext } from '../pipeline/evaluate-window.js';
import { platformMetrics } from '../pipeline/platform-metrics.js';
import { wishTraining } from '../pipeline/wish-training.js';
import { resetBreaker } from '../retraining/by-hand.js';
import { trainingOutlook } from '../retraining/outlook.js';
import { SHOWN_STATES, shownState, type ShownState } from '../retraining/shown-state.js';
import type { RetrainingStory } from '../retraining/story.js';
import { saidOfWindow } from '../domain/incident-headline.js';
import type { Incident } from '../domain/incident.js';
import { riskTier } from '../domain/model.js';
import { Service } from '../service.js';
import { formText } from './form-text.js';
import type { PageContent } from './layout.js';
import { retrainingPath, retrainingsOfPath } from './links.js';
import { manifestPanel } from './manifest.panel.js';
import type { OutlookPanel } from './outlook.panel.js';
import { PageError } from './page-error.js';
import { paged } from './pager.js';
import { Pages } from './pages.decorator.js';
import { previewPage, retrainingPage } from './retraining.page.js';
import { retrainingsPage, type Told } from './retrainings.page.js';
import { demandAllowed, mayChange } from './visitor.js';

/** What it was about, where it is still kept. */
function summaryOf(incident: Incident | undefined): string | null {
  return incident ? saidOfWindow(incident) : null;
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
  constructor(private readonly service: Service) {}

  @Get()
  list(@Query() { model, state, page }: Filter, @Req() request: Request): PageContent {
    const key = typeof model === 'string' && model !== '' ? model : null;
    if (key !== null) this.service.registry.load(key);
    const asked = stateOf(state);
    const now = this.service.stages.clock.now();
    const { registry, incidents, stages } = this.service;
    const known = { models: registry.models(), incidents: incidents.list(), retrainings: stages.retrainings };
    const told = this.service.stages.retrainings.history(key).map((story) => this.told(story));
    return retrainingsPage({
      told: paged(
        told.filter((one) => asked === null || one.state === asked),
        page,
        ROWS,
      ),
      model: key,
      state: asked,
      models: registry.models().map((one) => one.model.key),
      outlook: key === null ? null : this.outlook(key, request),
      month: platformMetrics(known, { since: new Date(now.getTime() - MONTH_MS), until: now }),
    });
  }

  @Get('preview')
  async preview(@Query('model') model: unknown): Promise<PageContent> {
    const { registry, stages } = this.service;
    const key = typeof model === 'string' ? registry.load(model).model.key : null;
    if (key === null) throw new PageError(400, 'Say of which model: /retrainings/preview?model=…');
    const now = stages.clock.now();
    const panel = manifestPanel(await stages.manifests.preview(key, now, now));
    return previewPage(key, panel);
  }

  @Get(':id')
  one(@Param('id') id: string, @Req() request: Request): PageContent {
    const { door, incidents, names, registry, stages } = this.service;
    const story = stages.retrainings.story(id);
    if (!story) throw new PageError(404, `There is no training ${id}.`);
    const model = registry.find(story.model)?.model;
    return retrainingPage({
      ...this.told(story),
      incidents: story.cause.incidentIds.map((one) => ({
        id: one,
        summary: summaryOf(incidents.find(one)),
      })),
      manifest: stages.retrainings.manifestOf(id),
      mayDecide: mayChange(door, request, 'approve'),
      needsNote: model !== undefined && riskTier(model.risk) === 'HIGH',
      mayOperate: mayChange(door, request, 'operate', model),
      nameOf: (actor) => names.of(actor),
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
    const { actor } = demandAllowed(this.service.door, request, 'approve');
    const word = { id, note: formText(form?.note), actor };
    await this.decide(
      id,
      response,
      (now) => answerTraining(this.service.stages, { ...word, isYes: true }, now).entries,
    );
  }

  @Post(':id/reject')
  @HttpCode(303)
  async reject(
    @Param('id') id: string,
    @Body() form: NoteForm | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { actor } = demandAllowed(this.service.door, request, 'approve');
    const note = formText(form?.note);
    if (note === '') throw new PageError(400, 'Say in the note why not.');
    const word = { id, note, actor, isYes: false };
    await this.decide(id, response, (now) => answerTraining(this.service.stages, word, now).entries);
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
    const wish = { model, reason: formText(form?.note), incidents: [], actor };
    await this.service.ledger.transact((now) => wishTraining(this.service.stages, wish, now));
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
    await this.service.ledger.transact((now) => resetBreaker(this.service.stages.retrainings, word, now));
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
    const { door, registry, stages } = this.service;
    const model = registry.find(stages.retrainings.find(id)?.model ?? '')?.model;
    const { actor } = demandAllowed(door, request, 'operate', model);
    await callOff(this.service.stages, { id, note: formText(form?.note), actor });
    response.redirect(303, retrainingPath(id));
  }

  private operator(form: ModelForm | undefined, request: Request): { model: string; actor: Actor } {
    const { model } = this.service.registry.load(typeof form?.model === 'string' ? form.model : '');
    const { actor } = demandAllowed(this.service.door, request, 'operate', model);
    return { model: model.key, actor };
  }

  private outlook(key: string, request: Request): OutlookPanel {
    const { door, incidents, registry, stages } = this.service;
    const { model } = registry.load(key);
    const context = retrainContext(stages, model, incidents.openOf(key));
    const outlook = trainingOutlook(stages.retrainings, context, stages.clock.now());
    return { model: key, outlook, mayOperate: mayChange(door, request, 'operate', model) };
  }

  private async decide(
    id: string,
    response: Response,
    change: (now: Date) => readonly NewEntry[],
  ): Promise<void> {
    await this.service.ledger.transact(change);
    response.redirect(303, retrainingPath(id));
  }

  private told(story: RetrainingStory): Told {
    const run = this.service.stages.retrainings.find(story.id);
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

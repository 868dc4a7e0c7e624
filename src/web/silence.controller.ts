import { headlineOf } from '../domain/incident-headline.js';
import { Body, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { parseMatcher, type Matcher } from '../domain/matcher.js';
import { Incidents } from '../incidents/incidents.js';
import { Silences } from '../incidents/silences.js';
import type { PageContent } from './layout.js';
import { SILENCES } from './links.js';
import { PageContext } from './page-context.js';
import { PageError } from './page-error.js';
import { Pages } from './pages.decorator.js';
import { silencePage } from './silence.page.js';
import { SilenceActions } from '../pipeline/silence-actions.js';

const HOUR = 3_600_000;

interface SilenceForm {
  readonly matchers?: unknown;
  readonly hours?: unknown;
  readonly comment?: unknown;
}

/** What is not told for a time. */
@Pages('silences')
export class SilenceController {
  constructor(
    private readonly known: Silences,
    private readonly incidents: Incidents,
    private readonly context: PageContext,
    private readonly actions: SilenceActions,
  ) {}

  @Get()
  silences(@Req() request: Request): PageContent {
    return silencePage({
      silences: this.known.list(),
      maintenance: this.known.maintenanceAt(this.context.now()),
      held: this.known.held().map((one) => {
        const incident = this.incidents.find(one.incidentId);
        return { ...one, summary: incident ? `${incident.signal.model}: ${headlineOf(incident)}` : null };
      }),
      mayOperate: this.context.mayChange(request, 'operate'),
      now: this.context.now(),
    });
  }

  @Post()
  @HttpCode(303)
  async create(
    @Body() form: SilenceForm | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const who = this.context.demandAllowed(request, 'operate');
    const hours = Number(form?.hours);
    if (!(hours > 0)) throw new PageError(400, 'Say for how many hours.');
    const endsAt = new Date(this.context.now().getTime() + hours * HOUR);
    const comment = typeof form?.comment === 'string' ? form.comment : '';
    const wish = { matchers: matchersOf(form?.matchers), startsAt: null, endsAt, comment };
    await this.actions.create(wish, who);
    response.redirect(303, SILENCES);
  }

  @Post(':id/expire')
  @HttpCode(303)
  async expire(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.actions.end(id, this.context.demandAllowed(request, 'operate'));
    response.redirect(303, SILENCES);
  }
}

function matchersOf(text: unknown): readonly Matcher[] {
  const parts = typeof text === 'string' ? text.split(/\s+/u).filter(Boolean) : [];
  return parts.map((part) => {
    const matcher = parseMatcher(part);
    if (matcher) return matcher;
    throw new PageError(400, `"${part}" is no condition: write model=credit-* or severity!=critical.`);
  });
}

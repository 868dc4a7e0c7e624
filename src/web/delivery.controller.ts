import { Body, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { wayText } from '../notify/delivery-words.js';
import { DeliveryReads } from '../pipeline/delivery-reads.js';
import { Database } from '../store/database.js';
import { attemptPage } from './attempt.page.js';
import { readAttempts } from './attempt.reads.js';
import { deliveryPage } from './delivery.page.js';
import { formText } from './form-text.js';
import type { PageContent } from './layout.js';
import { DELIVERIES } from './links.js';
import { PageContext } from './page-context.js';
import { PageError } from './page-error.js';
import { paged } from './pager.js';
import { Pages } from './pages.decorator.js';
import { DeliveryActions } from '../pipeline/delivery-actions.js';

/** Deliveries of one page of each list. */
const ROWS = 100;

interface Asked {
  readonly troubled?: unknown;
  readonly page?: unknown;
}

/** Who was told, who was not, and what a person can do about it. */
@Pages('deliveries')
export class DeliveryController {
  constructor(
    private readonly reads: DeliveryReads,
    private readonly database: Database,
    private readonly context: PageContext,
    private readonly actions: DeliveryActions,
  ) {}

  @Get()
  deliveries(@Query() asked: Asked, @Req() request: Request): PageContent {
    const { deliveries } = this.reads;
    const all = deliveries.list();
    const closed = deliveries.disabled().map((id) => {
      const sent = all.filter(({ destination }) => destination.id === id);
      return { id, name: nameOf(sent[0]), waiting: sent.filter(({ endedAt }) => endedAt === null).length };
    });
    return deliveryPage({
      troubled: paged(
        all.filter(({ state }) => state === 'dead' || state === 'retry' || state === 'ambiguous'),
        asked.troubled,
        ROWS,
      ),
      all: paged(all, asked.page, ROWS),
      closed,
      channels: Object.keys(this.reads.channels),
      mayOperate: this.context.mayChange(request, 'operate'),
    });
  }

  @Get(':id')
  async attempts(@Param('id') id: string): Promise<PageContent> {
    const delivery = this.reads.deliveries.find(id);
    if (!delivery)
      throw new PageError(
        404,
        `There is no message ${id}, or it ended long ago; the audit log still has it.`,
      );
    const entries = await readAttempts(this.database, { id, since: delivery.requestedAt });
    return attemptPage({
      delivery,
      way: wayText(delivery.channel, Object.keys(this.reads.channels)),
      entries,
      nameOf: this.context.nameOf,
    });
  }

  @Post(':id/replay')
  @HttpCode(303)
  async replay(@Param('id') id: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const { actor } = this.context.demandAllowed(request, 'operate');
    await this.actions.replay(id, actor);
    response.redirect(303, DELIVERIES);
  }

  @Post('destinations/:id/enable')
  @HttpCode(303)
  async enable(
    @Param('id') destination: string,
    @Body() form: { readonly note?: unknown } | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { actor } = this.context.demandAllowed(request, 'operate');
    const note = formText(form?.note);
    if (note === '') throw new PageError(400, 'Say in the note why the destination may be used again.');
    await this.actions.enable(destination, note, actor);
    response.redirect(303, DELIVERIES);
  }
}

function nameOf(
  delivery: { readonly destination: { readonly kind: string; readonly address: string } } | undefined,
): string {
  return delivery ? `${delivery.destination.kind} ${delivery.destination.address}` : 'unknown';
}

import { Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DeliveryReads } from '../pipeline/delivery-reads.js';
import { channelsPage } from './channel.page.js';
import type { PageContent } from './layout.js';
import { CHANNELS } from './links.js';
import { PageContext } from './page-context.js';
import { Pages } from './pages.decorator.js';
import { DeliveryActions } from '../pipeline/delivery-actions.js';

/** Where channels lead, and a test of each. */
@Pages('channels')
export class ChannelController {
  constructor(
    private readonly reads: DeliveryReads,
    private readonly context: PageContext,
    private readonly actions: DeliveryActions,
  ) {}

  @Get()
  channels(@Req() request: Request): PageContent {
    return channelsPage({
      problem: this.reads.problem,
      channels: this.reads.health(),
      mayOperate: this.context.mayChange(request, 'operate'),
    });
  }

  @Post(':id/test')
  @HttpCode(303)
  async test(@Param('id') to: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.actions.test(to, this.context.demandAllowed(request, 'operate'));
    response.redirect(303, CHANNELS);
  }
}

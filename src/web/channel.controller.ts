import { Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { channelHealth } from '../notify/channel-health.js';
import { Service } from '../service.js';
import { channelsPage } from './channel.page.js';
import type { PageContent } from './layout.js';
import { CHANNELS } from './links.js';
import { Pages } from './pages.decorator.js';
import { demandAllowed, mayChange } from './visitor.js';
import { DeliveryActions } from '../pipeline/delivery-actions.js';

/** Where channels lead, and a test of each. */
@Pages('channels')
export class ChannelController {
  constructor(
    private readonly service: Service,
    private readonly actions: DeliveryActions,
  ) {}

  @Get()
  channels(@Req() request: Request): PageContent {
    const { stages, door } = this.service;
    return channelsPage({
      problem: stages.channelFile.problem,
      channels: channelHealth(stages.channels, stages.deliveries, stages.clock.now()),
      mayOperate: mayChange(door, request, 'operate'),
    });
  }

  @Post(':id/test')
  @HttpCode(303)
  async test(@Param('id') to: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    await this.actions.test(to, demandAllowed(this.service.door, request, 'operate'));
    response.redirect(303, CHANNELS);
  }
}

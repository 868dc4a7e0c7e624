import { Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { channelHealth } from '../notify/channel-health.js';
import { sendTest } from '../pipeline/send-test.js';
import { permits } from '../registry/keys.js';
import { Service } from '../service.js';
import { channelsPage } from './channel.page.js';
import type { PageContent } from './layout.js';
import { CHANNELS } from './links.js';
import { Pages } from './pages.decorator.js';
import { demandOperator, visitorOf } from './visitor.js';

/** Where channels lead, and a test of each. */
@Pages('channels')
export class ChannelController {
  constructor(private readonly service: Service) {}

  @Get()
  channels(@Req() request: Request): PageContent {
    const { stages, door } = this.service;
    const visitor = visitorOf(door, request);
    return channelsPage({
      channels: channelHealth(stages.channels, stages.deliveries, stages.clock.now()),
      mayOperate: visitor !== null && permits(visitor, 'operate'),
    });
  }

  @Post(':id/test')
  @HttpCode(303)
  async test(@Param('id') to: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    const visitor = demandOperator(this.service.door, request);
    await sendTest(this.service.stages, to, {
      actor: { type: 'key', id: visitor.id },
      name: visitor.name,
    });
    response.redirect(303, CHANNELS);
  }
}

import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { personOf } from '../notify/people.js';
import { clickOf, type Click } from '../notify/slack-click.js';
import { isSignedBySlack } from '../notify/slack-signature.js';
import { actOnClick } from '../pipeline/act-on-click.js';
import { Service } from '../service.js';
import { rawBody } from './raw-body.js';
import { refusal } from './refusal.js';

const MOST_BYTES = 64 * 1024;

/** Buttons that people press in Slack. Slack's signature is the key; who pressed must be named in the channels file. */
@Controller('v1/slack')
export class SlackController {
  constructor(private readonly service: Service) {}

  @Post('interactions')
  @HttpCode(200)
  async take(@Req() request: Request): Promise<void> {
    const { options } = this.service;
    const secrets = options.config.SLACK_SIGNING_SECRET;
    if (secrets === undefined)
      throw refusal(404, 'not_set_up', 'set SLACK_SIGNING_SECRET to take clicks from Slack');
    const body = await rawBody(request, MOST_BYTES);
    const [timestamp, signature] = [
      request.get('x-slack-request-timestamp'),
      request.get('x-slack-signature'),
    ];
    if (!isSignedBySlack({ timestamp, signature, body }, secrets, options.clock.now()))
      throw refusal(401, 'bad_signature', 'the request is not signed by Slack, or too old');
    const click = clickOf(body.toString('utf8'));
    if (click) await this.answer(click);
  }

  /** Slack waits three seconds for us; the person reads the answer where they clicked. */
  private async answer(click: Click): Promise<void> {
    const { stages } = this.service;
    const who = personOf(stages.people, click);
    const text =
      who === null
        ? `Tidewatch does not know you: add { slack: ${click.user}, name: … } to \`people\` in the channels file.`
        : await actOnClick(stages, click, who);
    if (click.replyTo !== null) stages.reply(click.replyTo, text);
  }
}

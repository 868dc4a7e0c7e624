import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { personOf } from '../notify/people.js';
import { clickOf, type Click } from '../notify/slack-click.js';
import { whyNormalForm, type SlackAnswer } from '../notify/slack-normal-form.js';
import { isSignedBySlack } from '../notify/slack-signature.js';
import type { Person } from '../domain/person.js';
import { actOnClick } from '../pipeline/act-on-click.js';
import { askWhyNormal, wantNormal } from '../pipeline/want-normal.js';
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
    if (who === null) {
      const entry = `{ slack: ${click.user}, name: … }`;
      const text = `Tidewatch does not know you: add ${entry} to \`people\` in the channels file.`;
      this.reply(click, { text });
      return;
    }
    const { answer, follows } = await actOnClick(stages, click, who);
    if (follows === 'ask_why') return this.reply(click, whyNormalForm(askWhyNormal(stages, click.caseId)));
    this.reply(click, { text: answer });
    if (follows === 'make_reference') void this.answerLater(click, who);
  }

  private async answerLater(click: Click, who: Person): Promise<void> {
    const failed = (error: unknown) => {
      this.service.options.log.of('slack').error('no reference could be made of what is normal', { error });
      return { said: 'The reference could not be made just now: click again, or see the log.' };
    };
    const wish = { caseId: click.caseId, ...click.wish };
    const { said } = await wantNormal(this.service.stages, wish, who).catch(failed);
    this.reply(click, { text: said });
  }

  private reply({ replyTo }: Click, answer: SlackAnswer): void {
    if (replyTo !== null) this.service.stages.reply(replyTo, answer);
  }
}

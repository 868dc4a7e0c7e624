import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { CONFIG, type Config } from '../config/config.js';
import { Clock } from '../domain/clock.js';
import { clickOf, type Click } from '../notify/slack-click.js';
import { whyNormalForm } from '../notify/slack-normal-form.js';
import { isSignedBySlack } from '../notify/slack-signature.js';
import type { Person } from '../domain/person.js';
import { ClickActions } from '../pipeline/click-actions.js';
import { IncidentActions } from '../pipeline/incident-actions.js';
import { Log } from '../telemetry/log.js';
import { rawBody } from './raw-body.js';
import { refusal } from './refusal.js';

const MOST_BYTES = 64 * 1024;

/** Buttons that people press in Slack. Slack's signature is the key; who pressed must be named in the channels file. */
@Controller('v1/slack')
export class SlackController {
  constructor(
    private readonly clicks: ClickActions,
    private readonly incidents: IncidentActions,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post('interactions')
  @HttpCode(200)
  async take(@Req() request: Request): Promise<void> {
    const secrets = this.config.SLACK_SIGNING_SECRET;
    if (secrets === undefined)
      throw refusal(404, 'not_set_up', 'set SLACK_SIGNING_SECRET to take clicks from Slack');
    const body = await rawBody(request, MOST_BYTES);
    const [timestamp, signature] = [
      request.get('x-slack-request-timestamp'),
      request.get('x-slack-signature'),
    ];
    if (!isSignedBySlack({ timestamp, signature, body }, secrets, this.clock.now()))
      throw refusal(401, 'bad_signature', 'the request is not signed by Slack, or too old');
    const click = clickOf(body.toString('utf8'));
    if (click) await this.answer(click);
  }

  /** Slack waits three seconds for us; the person reads the answer where they clicked. */
  private async answer(click: Click): Promise<void> {
    const who = this.clicks.personOf(click);
    if (who === null) {
      const entry = `{ slack: ${click.user}, name: … }`;
      const text = `Tidewatch does not know you: add ${entry} to \`people\` in the channels file.`;
      this.clicks.answer(click, { text });
      return;
    }
    const { answer, follows } = await this.clicks.act(click, who);
    if (follows === 'ask_why')
      return this.clicks.answer(click, whyNormalForm(this.incidents.whyNormal(click.caseId)));
    this.clicks.answer(click, { text: answer });
    if (follows === 'make_reference') void this.answerLater(click, who);
  }

  private async answerLater(click: Click, who: Person): Promise<void> {
    const failed = (error: unknown) => {
      this.log.of('slack').error('no reference could be made of what is normal', { error });
      return { said: 'The reference could not be made just now: click again, or see the log.' };
    };
    const wish = { caseId: click.caseId, ...click.wish };
    const { said } = await this.incidents.normal(wish, who).catch(failed);
    this.clicks.answer(click, { text: said });
  }
}

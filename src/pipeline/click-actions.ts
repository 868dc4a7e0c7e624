import type { Person } from '../domain/person.js';
import { personOf } from '../notify/people.js';
import type { Click } from '../notify/slack-click.js';
import type { SlackAnswer } from '../notify/slack-normal-form.js';
import { actOnClick } from './act-on-click.js';
import type { Stages } from './stages.js';

/** Buttons that people press in Slack. */
export class ClickActions {
  constructor(private readonly stages: Stages) {}

  /** Who pressed it, by the channels file; null for somebody it does not name. */
  personOf(click: Click): Person | null {
    return personOf(this.stages.people, click);
  }

  /** As `actOnClick` does. */
  async act(click: Click, who: Person): ReturnType<typeof actOnClick> {
    return actOnClick(this.stages, click, who);
  }

  /** Answers a person where they clicked, if Slack said where that is. */
  answer({ replyTo }: Click, answer: SlackAnswer): void {
    if (replyTo !== null) this.stages.reply(replyTo, answer);
  }
}

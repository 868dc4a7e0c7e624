import type { Clock } from '../domain/clock.js';
import type { Log } from '../telemetry/log.js';
import type { HttpSender } from './http-sender.js';
import type { SlackAnswer } from './slack-normal-form.js';

/** Answers somebody in Slack where only they see it. It is a courtesy: what became of the click is in the ledger, so a lost answer is logged only. */
export function slackReply(
  http: HttpSender,
  clock: Clock,
  log: Log,
): (url: string, answer: SlackAnswer) => void {
  return (url, answer) => {
    const body = JSON.stringify({ response_type: 'ephemeral', replace_original: false, ...answer });
    const headers = { 'content-type': 'application/json' };
    void http.send({ method: 'POST', url, headers, body }, clock.now()).then((result) => {
      const failed = result.kind !== 'response' || result.status >= 300;
      if (failed) log.warn('somebody in Slack could not be answered', { kind: result.kind });
    });
  };
}

import type { RetrainMessage } from '../domain/retrain-message.js';
import { CLOUD_EVENT_TYPE, cloudEvent } from '../notify/cloud-event.js';
import { webhookSignature } from '../notify/webhook-signature.js';
import { jobParameters, type JobPapers } from '../retraining/launch-request.js';
import type { TargetOf } from '../retraining/target.js';

/** One signed request to a webhook that starts trainings. */
export interface TrainingEvent {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A CloudEvent that asks for a run, signed as of `at` (Standard Webhooks); the same run has the same `webhook-id` however often it is sent. */
export function trainingEvent(
  target: TargetOf<'webhook'>,
  message: RetrainMessage,
  papers: JobPapers,
  at: Date,
): TrainingEvent {
  const { id, model, version } = message;
  const time = new Date(message.requestedAt);
  const event = { id, type: 'retrain.requested.v1', model, version, time, sequence: 1 };
  const body = cloudEvent(event, jobParameters(message, papers));
  const timestamp = Math.floor(at.getTime() / 1_000);
  const headers = {
    'content-type': CLOUD_EVENT_TYPE,
    'user-agent': 'tidewatch',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': webhookSignature(target.secret, id, timestamp, body),
  };
  return { url: target.url, headers, body };
}

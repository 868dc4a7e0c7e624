import { CodedError } from '../domain/coded-error.js';
import type { Json } from '../domain/ledger-entry.js';
import type { RetrainMessage } from '../domain/retrain-message.js';
import { cloudEvent } from '../notify/cloud-event.js';
import { versionToTrain } from '../registry/answering.js';
import { settingsOf } from '../retraining/guards.js';
import { jobParameters, type JobPapers } from '../retraining/launch-request.js';
import { jobOf, launchRequest } from '../retraining/orchestrators.js';
import { faultIntervals } from '../retraining/fault-intervals.js';
import type { RetrainTarget } from '../retraining/target.js';
import type { Stages } from './stages.js';

/** What would be sent for a run that is asked for now. Secrets are replaced by words. */
export interface RequestPreview {
  readonly target: string;
  readonly kind: RetrainTarget['kind'];
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json;
}

/** There is nothing to preview; the message says what to set up. */
export class NoPreview extends CodedError {
  override readonly name = 'NoPreview';
  readonly code = 'not_configured';
  override readonly field = 'model';
}

const SECRET_HEADERS = new Set(['authorization', 'x-amz-security-token']);

/** The request that a run of a model would cause. Throws ModelNotFound, and NoPreview where nothing is set up or there is no version. */
export function previewRequest(stages: Stages, key: string): RequestPreview {
  const { registry, guards, clock, incidents, baseUrl } = stages;
  const { model, versions } = registry.load(key);
  const settings = settingsOf(guards, key);
  const target = settings ? guards.targets[settings.target] : undefined;
  if (!settings || !target)
    throw new NoPreview(`no retraining is set up for ${key} or for *: see retraining.yaml`);
  const version = versionToTrain(versions);
  if (version === null) throw new NoPreview(`${key} has no version yet: there is nothing to train again`);
  const now = clock.now();
  const id = '0'.repeat(32);
  const message: RetrainMessage = {
    type: 'retrain',
    id,
    model: model.key,
    version,
    cause: { kind: 'manual', caseId: null, incidentIds: [], summary: 'a preview' },
    requestedAt: now.toISOString(),
    notBefore: new Date(now.getTime() + settings.labelDelay).toISOString(),
    exclude: faultIntervals(incidents.list({ model: key }), now),
    callbackUrl: `${baseUrl}/v1/callbacks/retrain/${id}`,
  };
  const url = `${baseUrl}/v1/retrainings/${id}/manifest`;
  const manifest = { url, sha256: '0'.repeat(64), rows: 0, files: 0 };
  const papers: JobPapers = { token: '<the token of the run>', manifest };
  return { target: settings.target, kind: target.kind, ...requestOf(target, message, papers, now) };
}

function requestOf(
  target: RetrainTarget,
  message: RetrainMessage,
  papers: JobPapers,
  at: Date,
): Pick<RequestPreview, 'method' | 'url' | 'headers' | 'body'> {
  if (target.kind === 'webhook') {
    const { id, model, version } = message;
    const event = { id, type: 'retrain.requested.v1', model, version, time: at, sequence: 1 };
    const body = JSON.parse(cloudEvent(event, jobParameters(message, papers))) as Json;
    return {
      method: 'POST',
      url: target.url,
      headers: { 'webhook-id': id, 'webhook-signature': '<a secret>' },
      body,
    };
  }
  const job = jobOf(target, message, papers, { authorization: '<a secret>', at });
  const { method, url, headers, body } = launchRequest(target, job);
  const shown = Object.entries(headers).map(([name, value]) => [
    name,
    SECRET_HEADERS.has(name) ? '<a secret>' : value,
  ]);
  return { method, url, headers: Object.fromEntries(shown) as Record<string, string>, body };
}

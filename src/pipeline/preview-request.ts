import { CodedError } from '../domain/coded-error.js';
import type { Json } from '../domain/ledger-entry.js';
import type { RetrainMessage } from '../domain/retrain-message.js';
import { versionToTrain } from '../registry/answering.js';
import { labelsDueAt } from '../retraining/ask.js';
import { settingsOf } from '../retraining/guards.js';
import type { JobPapers } from '../retraining/launch-request.js';
import { jobOf, launchRequest } from '../retraining/orchestrators.js';
import { faultIntervals } from '../retraining/fault-intervals.js';
import type { RetrainTarget } from '../retraining/target.js';
import type { Stages } from './stages.js';
import { FILE_ROWS } from './training-counts.js';
import { trainingEvent } from './training-event.js';

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

const SECRET_HEADERS = new Set(['authorization', 'x-amz-security-token', 'webhook-signature']);

/**
 * The request that a run of a model would cause, with the rows that it would learn from. Throws ModelNotFound, and NoPreview where nothing is set up
 * or there is no version.
 */
export async function previewRequest(
  stages: Pick<Stages, 'baseUrl' | 'book' | 'clock' | 'guards' | 'incidents' | 'manifests' | 'registry'>,
  key: string,
): Promise<RequestPreview> {
  const { registry, guards, clock, incidents, book, manifests, baseUrl } = stages;
  const { model, versions } = registry.load(key);
  const settings = settingsOf(guards, key);
  const target = settings ? guards.targets[settings.target] : undefined;
  if (!settings || !target)
    throw new NoPreview(`no retraining is set up for ${key} or for *: see retraining.yaml`);
  const version = versionToTrain(versions);
  if (version === null) throw new NoPreview(`${key} has no version yet: there is nothing to train again`);
  const now = clock.now();
  const id = '0'.repeat(32);
  const newest = book.newestRow(model.key);
  const message: RetrainMessage = {
    type: 'retrain',
    id,
    model: model.key,
    version,
    cause: { kind: 'manual', caseId: null, incidentIds: [], summary: 'a preview' },
    requestedAt: now.toISOString(),
    notBefore: labelsDueAt(newest === null ? null : new Date(newest), settings, now).toISOString(),
    exclude: faultIntervals(incidents.list({ model: key }), now),
    callbackUrl: `${baseUrl}/v1/callbacks/retrain/${id}`,
  };
  const url = `${baseUrl}/v1/retrainings/${id}/manifest`;
  const { rows } = (await manifests.preview(key, now, now)).manifest;
  const files = Math.ceil(rows.usable / FILE_ROWS) * settings.files.length;
  const manifest = { url, sha256: '<SHA-256 of the manifest of the run>', rows: rows.usable, files };
  const papers: JobPapers = { token: '<the token of the run>', manifest };
  return { target: settings.target, kind: target.kind, ...shownRequest(target, message, papers, now) };
}

/** What a target is sent to start a run, with words in the place of its secrets. */
export function shownRequest(
  target: RetrainTarget,
  message: RetrainMessage,
  papers: JobPapers,
  at: Date,
): Pick<RequestPreview, 'method' | 'url' | 'headers' | 'body'> {
  if (target.kind === 'webhook') {
    const { url, headers, body } = trainingEvent(target, message, papers, at);
    return { method: 'POST', url, headers: withoutSecrets(headers), body: JSON.parse(body) as Json };
  }
  const job = jobOf(target, message, papers, { authorization: '<a secret>', at });
  const { method, url, headers, body } = launchRequest(target, job);
  return { method, url, headers: withoutSecrets(headers), body };
}

function withoutSecrets(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const shown = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    SECRET_HEADERS.has(name) ? '<a secret>' : value,
  ]);
  return Object.fromEntries(shown);
}

import { join } from 'node:path';
import { proxiesOf } from './config/proxies.js';
import { HttpSender } from './notify/http-sender.js';
import { unsubscribeToken } from './notify/unsubscribe.js';
import { openMinutes } from './open-minutes.js';
import type { CaseMessage } from './domain/case-message.js';
import type { Message } from './domain/delivery.js';
import { casePicture } from './pipeline/case-picture.js';
import { knownWhenSent } from './pipeline/known-when-sent.js';
import { References } from './pipeline/reference.js';
import type { Stages } from './pipeline/stages.js';
import { TrainingFiles } from './pipeline/training-files.js';
import { TrainingManifests } from './pipeline/training-manifests.js';
import { Profiles } from './profiles/profiles.js';
import { type Files } from './read-files.js';
import { callbackToken } from './retraining/callback-token.js';
import type { Ground } from './ground.js';
import { openOutbox, type OutboxParts, type Surroundings } from './open-outbox.js';

interface Read {
  readonly profiles: Profiles;
  readonly references: References;
  readonly minutes: ReturnType<typeof openMinutes>;
  readonly places: OutboxParts['places'];
}

/** What brings messages and trainings on their way. */
export function deliveringOf(
  options: Surroundings & { readonly baseUrl: string },
  { guards }: Files,
  { database, ledger, folds, replicas, live, callbackSecret }: Ground,
  { profiles, references, minutes, places }: Read,
): Pick<Stages, 'outbox' | 'runWatch' | 'manifests' | 'trainingFiles'> & { readonly http: HttpSender } {
  const { config, clock, baseUrl } = options;
  const { registry, incidents, deliveries, retrainings, erasures } = folds;
  const parts = { database, ledger, registry, incidents, profiles, retrainings, erasures, guards };
  const trainingFiles = new TrainingFiles(database, join(config.TIDEWATCH_DATA_DIR, 'training'));
  const manifests = new TrainingManifests({ ...parts, files: trainingFiles });
  const token = (id: string) => callbackToken(callbackSecret, id);
  const papers = { token, manifest: manifests.ofRun.bind(manifests) };
  const http = new HttpSender({ allow: config.TIDEWATCH_WEBHOOK_ALLOW, proxies: proxiesOf(config) });
  const unsubscribeUrl = (id: string) => `${baseUrl}/v1/unsubscribe/${unsubscribeToken(callbackSecret, id)}`;
  const known = { registry, references, incidents, retrainings, clock, outcomes: minutes.outcomes };
  const complete = async (message: Message) => knownWhenSent(known, message);
  const picture = async (message: CaseMessage) => casePicture({ ...known, database }, message);
  const toOutbox = {
    ...parts,
    picture,
    deliveries,
    replicas,
    unsubscribeUrl,
    papers,
    http,
    complete,
    places,
  };
  return { http, manifests, trainingFiles, ...openOutbox(options, { live, guards }, toOutbox) };
}

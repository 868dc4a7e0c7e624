import type { Clock } from '../domain/clock.js';
import type { Message } from '../domain/delivery.js';
import type { RetrainMessage } from '../domain/retrain-message.js';
import type { Delivery } from '../notify/delivery.js';
import { httpOutcome } from '../notify/http-outcome.js';
import type { HttpSender } from '../notify/http-sender.js';
import { Notifier, type DeliveryOutcome } from '../notify/notifier.js';
import { dataSettingsOf, type RetrainingGuards } from '../retraining/guards.js';
import type { RecordedManifest } from '../retraining/manifest.js';
import type { JobPapers, LaunchRequest } from '../retraining/launch-request.js';
import { jobOf, launchRequest } from '../retraining/orchestrators.js';
import type { Orchestrator, RetrainTarget } from '../retraining/target.js';
import { OrchestratorClient, parsedBody } from './orchestrator-client.js';
import { trainingEvent } from './training-event.js';

/** What a run needs from the service before it can start. */
export interface RunPapers {
  /** The callback token of a run. */
  readonly token: (retrainingId: string) => string;
  /** What a run learns from: counted, written and recorded by the first attempt, the same for every later one. */
  readonly manifest: (message: RetrainMessage, now: Date) => Promise<RecordedManifest>;
  /** Whether the run is still to be started: one that timed out or was called off is not. */
  readonly isWanted: (retrainingId: string) => boolean;
}

/** Starts training runs: retraining/ says what to send, notify/ knows how to send it safely. */
export class RetrainNotifier extends Notifier {
  override readonly kind = 'retrain';
  private readonly client: OrchestratorClient;

  /** `guards` is looked into at every attempt for the target's address and secret. */
  constructor(
    private readonly http: HttpSender,
    private readonly guards: () => RetrainingGuards,
    private readonly papers: RunPapers,
    private readonly clock: Clock,
  ) {
    super();
    this.client = new OrchestratorClient(http, clock);
  }

  override async deliver(message: Message, delivery: Delivery): Promise<DeliveryOutcome> {
    if (message.type !== 'retrain')
      return { kind: 'dead', code: 'not_a_retraining', error: 'only training runs go to a target' };
    const name = delivery.destination.id.replace(/^retrain:/, '');
    const target = this.guards().targets[name];
    if (!target) {
      return {
        kind: 'dead',
        code: 'destination_removed',
        error: `there is no retraining target "${name}" any more; put it back and replay`,
      };
    }
    if (this.guards().paused)
      return { kind: 'refused', code: 'paused', error: 'retraining is paused: it is sent once that ends' };
    if (!this.papers.isWanted(message.id))
      return { kind: 'dead', code: 'not_wanted', error: 'the run was called off before it was started' };
    const recorded = await this.papers.manifest(message, this.clock.now());
    const missing = nothingToLearn(recorded, this.guards(), message.model);
    if (missing !== null) return missing;
    const papers = papersOf(message, this.papers.token(message.id), recorded);
    return target.kind === 'webhook'
      ? this.sendEvent(target, message, papers)
      : this.launch(target, message, papers);
  }

  private async sendEvent(
    target: Extract<RetrainTarget, { kind: 'webhook' }>,
    message: RetrainMessage,
    papers: JobPapers,
  ): Promise<DeliveryOutcome> {
    const now = this.clock.now();
    const request = trainingEvent(target, message, papers, now);
    return httpOutcome(await this.http.send({ method: 'POST', ...request }, now));
  }

  private async launch(
    target: Orchestrator,
    message: RetrainMessage,
    papers: JobPapers,
  ): Promise<DeliveryOutcome> {
    return this.client.with(target, async (authorization) => {
      const at = this.clock.now();
      const wanted = launchRequest(target, jobOf(target, message, papers, { authorization, at }));
      const before = wanted.look && (await this.client.send(wanted.look));
      const there = before?.kind === 'response' ? (wanted.look?.found(parsedBody(before)) ?? null) : null;
      if (there !== null) return delivered(wanted, { run_id: there }, 200);
      const result = await this.client.send(wanted);
      if (result.kind === 'response' && wanted.already.includes(result.status))
        return delivered(wanted, parsedBody(result), 200);
      const outcome = httpOutcome(result);
      if (outcome.kind !== 'delivered' || result.kind !== 'response') return outcome;
      return delivered(wanted, parsedBody(result), result.status);
    });
  }
}

function delivered(wanted: LaunchRequest, answer: unknown, status: number): DeliveryOutcome {
  const runRef = wanted.runRef?.(answer) ?? null;
  return {
    kind: 'delivered',
    receipt: { status, runUrl: wanted.runUrl(answer), ...(runRef === null ? {} : { runRef }) },
  };
}

/** A job that is to learn from files cannot start without a row; one with data of its own may. */
function nothingToLearn(
  { manifest }: RecordedManifest,
  guards: RetrainingGuards,
  model: string,
): DeliveryOutcome | null {
  if (manifest.rows.usable > 0 || dataSettingsOf(guards, model).files.length === 0) return null;
  const { from, to } = manifest.period;
  const error = `${manifest.problems.join('; ')} (${from} to ${to}): send labels, choose a longer period, or write files: [] where the job has data of its own`;
  return { kind: 'dead', code: 'nothing_to_learn_from', error };
}

function papersOf(message: RetrainMessage, token: string, { manifest, digest }: RecordedManifest): JobPapers {
  const url = `${message.callbackUrl.replace(/\/v1\/callbacks\/retrain\/[^/]*$/, '')}/v1/retrainings/${message.id}/manifest`;
  return {
    token,
    manifest: { url, sha256: digest, rows: manifest.rows.usable, files: manifest.files.length },
  };
}

import type { Clock } from '../domain/clock.js';
import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import type { HttpSender } from '../notify/http-sender.js';
import type { Ledger } from '../ledger/ledger.js';
import type { RetrainingGuards } from '../retraining/guards.js';
import type { WatchRequests } from '../retraining/launch-request.js';
import { watchRequests } from '../retraining/orchestrators.js';
import { RANK, RETRAINING_SUBJECT, type JobState, type Retraining } from '../retraining/retraining.js';
import type { Retrainings } from '../retraining/retrainings.js';
import type { Log } from '../telemetry/log.js';
import { OrchestratorClient, parsedBody } from './orchestrator-client.js';

export interface RunWatchParts {
  readonly ledger: Pick<Ledger, 'transact'>;
  readonly retrainings: Retrainings;
  readonly guards: RetrainingGuards;
  readonly http: HttpSender;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether a model is this process's; all are where it is left out. */
  readonly isOwn?: (model: string) => boolean;
}

const ASKED_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;
/** A job that ended well is given so long to say which version it made: only its callback knows. */
const CALLBACK_GRACE_MS = 300_000;

/** Asks orchestrators after runs that do not report by themselves, and tells them to stop, also those that did not end in time. A callback always knows better. */
export class RunWatch {
  private readonly client: OrchestratorClient;
  private readonly askedAt = new Map<string, number>();
  private readonly endedAt = new Map<string, number>();
  /** Runs that timed out and were told to stop, or cannot be told. */
  private readonly stopped = new Set<string>();

  constructor(private readonly parts: RunWatchParts) {
    this.client = new OrchestratorClient(parts.http, parts.clock);
  }

  /** Asks after every run of this process's models that is under way, each at most once a minute. Never throws for what an orchestrator did. */
  async look(): Promise<void> {
    const now = this.parts.clock.now().getTime();
    const isOwn = this.parts.isOwn ?? (() => true);
    const due = this.parts.retrainings
      .list()
      .filter(({ model, launchedAt }) => launchedAt !== null && isOwn(model))
      .filter(({ id }) => now - (this.askedAt.get(id) ?? -Infinity) >= ASKED_EVERY_MS);
    const underWay = due.filter(({ state }) => RANK[state] < RANK.succeeded);
    const late = due.filter((run) => this.goesOnTooLate(run, now));
    await Promise.all([
      ...underWay.map(async (run) => this.ask(run, now)),
      ...late.map(async (run) => this.giveUp(run, now)),
    ]);
  }

  /** A run that nobody waits for any more may still hold machines; after a day nobody can tell. */
  private goesOnTooLate({ id, state, finishedAt }: Retraining, now: number): boolean {
    if (state !== 'timed_out' || finishedAt === null || this.stopped.has(id)) return false;
    return now - finishedAt.getTime() < DAY_MS;
  }

  private async giveUp(run: Retraining, now: number): Promise<void> {
    this.askedAt.set(run.id, now);
    const requests = await this.requestsOf(run);
    const result = requests && (await this.client.send(requests.cancel));
    const isOver = result === null || (result.kind === 'response' && result.status < 500);
    if (isOver) this.stopped.add(run.id);
    if (result !== null)
      this.parts.log.info('a run that timed out was told to stop', { run: run.id, taken: isOver });
  }

  /** Tells the orchestrator of a run to stop it; whether it took that. Without a way to tell it, false. */
  async stop(run: Retraining): Promise<boolean> {
    const requests = await this.requestsOf(run);
    if (requests === null) return false;
    const result = await this.client.send(requests.cancel);
    return result.kind === 'response' && result.status < 300;
  }

  private async ask(run: Retraining, now: number): Promise<void> {
    this.askedAt.set(run.id, now);
    const requests = await this.requestsOf(run);
    if (requests === null) return;
    const result = await this.client.send(requests.status);
    const said = result.kind === 'response' ? requests.stateOf(parsedBody(result)) : null;
    if (said === null) {
      const answer = result.kind === 'response' ? `HTTP ${result.status}` : result.error;
      return this.parts.log.warn('an orchestrator does not say how a run is', { run: run.id, answer });
    }
    if (RANK[said.status] <= RANK[run.state] || this.isAwaited(run.id, said.status, now)) return;
    await this.parts.ledger.transact((at) => this.progressed(run.id, said, at));
  }

  private isAwaited(id: string, status: JobState, now: number): boolean {
    if (status !== 'succeeded') return false;
    const since = this.endedAt.get(id) ?? now;
    this.endedAt.set(id, since);
    return now - since < CALLBACK_GRACE_MS;
  }

  private progressed(
    id: string,
    { status, message }: { readonly status: JobState; readonly message: string },
    at: Date,
  ): readonly NewEntry[] {
    const run = this.parts.retrainings.find(id);
    if (!run || RANK[status] <= RANK[run.state] || RANK[run.state] >= RANK.succeeded) return [];
    const data = { model: run.model, status, message: `the orchestrator says: ${message}` };
    return [
      { action: 'retraining.progressed', actor: SYSTEM, at, subject: { type: RETRAINING_SUBJECT, id }, data },
    ];
  }

  private async requestsOf({ message, destination, runRef }: Retraining): Promise<WatchRequests | null> {
    const target = this.parts.guards.targets[destination.id.replace(/^retrain:/, '')];
    if (!target || target.kind === 'webhook') return null;
    const authorization = await this.client.authorization(target);
    if (authorization === null) return null;
    return watchRequests(target, { message, authorization, at: this.parts.clock.now() }, runRef);
  }
}

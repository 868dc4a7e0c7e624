import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IncidentChange } from '../../src/domain/incident-change.js';
import { SYSTEM, type LedgerEntry, type NewEntry } from '../../src/domain/ledger-entry.js';
import { Deliveries } from '../../src/notify/deliveries.js';
import { HttpSender } from '../../src/notify/http-sender.js';
import { Outbox } from '../../src/pipeline/outbox.js';
import { RetrainNotifier } from '../../src/pipeline/retrain.notifier.js';
import { applyCallback, expireRetrainings } from '../../src/retraining/callback.js';
import { decideDeferred } from '../../src/retraining/decide-deferred.js';
import { decideRetraining } from '../../src/retraining/decide.js';
import { RetrainingGuards } from '../../src/retraining/guards.js';
import { Retrainings } from '../../src/retraining/retrainings.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { Crash, MemoryLedger } from '../support/memory-ledger.js';
import { change, context, recordedManifest, tokenOf } from '../support/retraining-ground.js';
import { WebhookCollector } from '../support/webhook-collector.js';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const START = Date.parse('2026-11-21T10:00:00Z');
const MINUTE = 60_000;
const RECORDED = recordedManifest();

let jobs: WebhookCollector;
let time: Date;
beforeAll(async () => {
  jobs = await WebhookCollector.start({ keys: [SECRET], now: () => time.getTime() / 1_000 });
});
afterAll(async () => jobs.stop());

/** A process that is killed at its n-th await; nothing that it awaits afterwards comes back. */
class Life {
  private isOver = false;
  awaits = 0;
  constructor(private readonly until: number) {}

  step(): void {
    if (this.isOver || this.awaits === this.until) {
      this.isOver = true;
      throw new Crash('killed');
    }
    this.awaits += 1;
  }
}

/** The log outlives the process; whoever appends may be killed before and after it is written. */
class DurableLog extends MemoryLedger {
  life = new Life(Infinity);

  override async transact(decide: (now: Date) => readonly NewEntry[]): Promise<readonly LedgerEntry[]> {
    const isNews = decide(time).length > 0;
    if (isNews) this.life.step();
    const written = await super.transact(decide);
    if (isNews) this.life.step();
    return written;
  }
}

class MortalSender extends HttpSender {
  constructor(private readonly life: Life) {
    super({ allow: ['127.0.0.0/8'] });
  }

  override async send(...sent: Parameters<HttpSender['send']>): ReturnType<HttpSender['send']> {
    this.life.step();
    const result = await super.send(...sent);
    this.life.step();
    return result;
  }
}

/** What happens at a minute: windows that find something, or a job that reports. Both come again until they are recorded. */
type Happening = Readonly<
  Record<number, { readonly found?: readonly IncidentChange[]; readonly ends?: string }>
>;

class Process {
  readonly state = new Retrainings();
  private readonly deliveries = new Deliveries();
  private readonly outbox: Outbox;
  private readonly http: MortalSender;

  constructor(
    private readonly ledger: DurableLog,
    private readonly guards: RetrainingGuards,
    life: Life,
  ) {
    ledger.life = life;
    ledger.reopen([this.state, this.deliveries]);
    this.http = new MortalSender(life);
    const clock = { now: () => time };
    const manifest = async () => {
      life.step();
      return RECORDED;
    };
    const papers = { token: tokenOf, manifest, isWanted: () => true };
    this.outbox = new Outbox({
      ledger,
      deliveries: this.deliveries,
      notifiers: [new RetrainNotifier(this.http, () => guards, papers, clock)],
      channels: {},
      isOpen: () => true,
      log: Log.silent(),
      metrics: new Metrics(),
      random: () => 0.5,
    });
  }

  /** Everything that the service does in a minute, in its order. */
  async minute(n: number, { found, ends }: Happening[number] = {}): Promise<void> {
    if (found && !this.ledger.entries.some(({ subject }) => subject.id === `window-${n}`))
      await this.ledger.transact((now) => [judged(n, now), ...this.decide(found, now)]);
    if (ends !== undefined) await this.end(ends);
    await this.ledger.transact((now) => [
      ...expireRetrainings(this.state, now),
      ...decideDeferred(this.state, this.context(), now),
    ]);
    await this.outbox.drain(time);
  }

  async close(): Promise<void> {
    await this.outbox.idle();
    await this.http.close();
  }

  private async end(version: string): Promise<void> {
    const [run] = this.state.list().filter(({ state }) => state === 'requested' || state === 'accepted');
    if (!run) return;
    const report = { status: 'succeeded', model_version: version };
    await this.ledger.transact((now) => applyCallback(this.state, run.id, tokenOf(run.id), report, now));
  }

  private decide(found: readonly IncidentChange[], now: Date): readonly NewEntry[] {
    return decideRetraining(this.state, found, this.context(), now);
  }

  private context() {
    const open = CAUSES.map(({ incident }) => incident);
    return context({ guards: this.guards, open });
  }
}

function judged(n: number, at: Date): NewEntry {
  return {
    action: 'window.evaluated',
    actor: SYSTEM,
    at,
    subject: { type: 'model_version', id: `window-${n}` },
    data: {},
  };
}

const about = (feature: string, caseId = `case of ${feature}`): IncidentChange => ({
  ...change('opened', {
    id: `i-${feature}`,
    signal: { model: 'credit-default', version: '7', check: 'feature_drift', segment: '', feature },
  }),
  caseId,
});
const CAUSES = [about('age'), about('income'), about('region')];
const [AGE, INCOME, REGION] = CAUSES as [IncidentChange, IncidentChange, IncidentChange];

interface Outcome {
  readonly awaits: number;
  /** When each run was asked for, in minutes, and the ids that reached the job. */
  readonly asked: readonly number[];
  readonly reached: readonly string[];
}

/** Lives through it, killed once at the n-th await, and started again at once. */
async function live(
  settings: object,
  happening: Happening,
  minutes: number,
  killedAt: number,
): Promise<Outcome> {
  jobs.received.length = 0;
  time = new Date(START);
  const targets = { jobs: { kind: 'webhook', url: jobs.url, secret: SECRET } };
  const guards = RetrainingGuards.parse({
    targets,
    models: { '*': { target: 'jobs', mode: 'auto', ...settings } },
  });
  const ledger = new DurableLog([], { now: () => time });
  const first = new Life(killedAt);
  let process = new Process(ledger, guards, first);
  for (let n = 0; n <= minutes; n += 1) {
    time = new Date(START + n * MINUTE);
    try {
      await process.minute(n, happening[n]);
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
      await process.close();
      process = new Process(ledger, guards, new Life(Infinity));
      await process.minute(n, happening[n]);
    }
  }
  await process.close();
  const requests = ledger.entries.filter(({ action }) => action === 'retraining.requested');
  return {
    awaits: first.awaits,
    asked: requests.map(({ at }) => (at.getTime() - START) / MINUTE),
    reached: [...new Set(jobs.received.map(({ headers }) => String(headers['webhook-id'])))].sort(),
  };
}

const SCENARIOS: readonly (readonly [string, object, Happening, number, readonly number[]])[] = [
  [
    'drift at minute 5 of a cooldown of an hour is one request at 60:00',
    { notSoonerThan: '1h' },
    { 0: { found: [AGE] }, 1: { ends: '8' }, 6: { found: [INCOME] } },
    66,
    [0, 61],
  ],
  [
    'two causes during a run are one further run',
    { notSoonerThan: '0s' },
    { 0: { found: [AGE] }, 2: { found: [INCOME] }, 3: { found: [REGION] }, 5: { ends: '8' } },
    9,
    [0, 5],
  ],
  [
    'two causes of one case are one run',
    { notSoonerThan: '0s' },
    { 0: { found: [AGE] }, 2: { found: [about('income', AGE.caseId)] }, 5: { ends: '8' } },
    7,
    [0],
  ],
];

describe.each(SCENARIOS)('%s', (_name, settings, happening, minutes, asked) => {
  it('whenever the process is killed', async () => {
    const whole = await live(settings, happening, minutes, Infinity);
    expect(whole.asked).toEqual(asked);
    expect(whole.reached).toHaveLength(asked.length);
    expect(whole.awaits).toBeGreaterThan(10);
    for (let killedAt = 0; killedAt < whole.awaits; killedAt += 1) {
      const { asked: again, reached } = await live(settings, happening, minutes, killedAt);
      expect({ killedAt, asked: again, reached }).toEqual({ killedAt, asked, reached: whole.reached });
    }
  });
});

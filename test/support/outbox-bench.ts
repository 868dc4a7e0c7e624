import type { Json, LedgerEntry } from '../../src/domain/ledger-entry.js';
import type { IncidentChange } from '../../src/domain/incident-change.js';
import type { Incident } from '../../src/domain/incident.js';
import { UNTOUCHED, type Handled } from '../../src/notify/case-hands.js';
import { UNKNOWN_SUBJECT, type CaseSubject } from '../../src/notify/case-subject.js';
import { Deliveries } from '../../src/notify/deliveries.js';
import type { Channels } from '../../src/notify/destination.js';
import type { Notifier } from '../../src/notify/notifier.js';
import { planDeliveries } from '../../src/notify/plan.js';
import { planDigests } from '../../src/notify/plan-digests.js';
import { Outbox } from '../../src/pipeline/outbox.js';
import { Log } from '../../src/telemetry/log.js';
import { Metrics } from '../../src/telemetry/metrics.js';
import { MemoryLedger } from './memory-ledger.js';
import { planContext } from './plan-context.js';

/** A service reduced to plan → outbox → network, on a clock that the spec moves and a log that can end at any entry. */
export class OutboxBench {
  time = new Date('2026-11-21T12:00:00.000Z');
  deliveries = new Deliveries();
  readonly ledger: MemoryLedger;
  /** What is known of the model beside its owner. */
  subject: Partial<CaseSubject> = {};
  /** What people did about the case. */
  handled: Handled = UNTOUCHED;
  /** What silences hold back, by the id of the incident. */
  quiet: ReadonlyMap<string, string> = new Map();
  outbox: Outbox;
  private readonly incidents = new Map<string, IncidentChange>();

  constructor(
    readonly channels: Channels,
    private readonly notifiers: readonly Notifier[],
  ) {
    this.ledger = new MemoryLedger([this.deliveries], this.clock);
    this.outbox = this.replica();
  }

  readonly clock = { now: (): Date => this.time };

  advance(ms: number): void {
    this.time = new Date(this.time.getTime() + ms);
  }

  async tell(...changes: IncidentChange[]): Promise<void> {
    await this.ledger.transact((now) => planDeliveries(changes, this.context(), now));
    for (const change of changes) this.incidents.set(change.incident.id, change);
  }

  /** What time alone makes due. */
  async digest(): Promise<void> {
    const { channels, deliveries } = this;
    const context = { channels, deliveries, baseUrl: 'http://tidewatch.example' };
    await this.ledger.transact((now) => planDigests(context, now));
  }

  async drain(): ReturnType<Outbox['drain']> {
    return this.outbox.drain(this.time);
  }

  /** The next start of the process after a crash: the state is folded anew, nothing of the old memory is left. */
  restart(): void {
    this.deliveries = new Deliveries();
    this.ledger.reopen([this.deliveries]);
    this.outbox = this.replica();
  }

  entriesOf(action: string): readonly LedgerEntry[] {
    return this.ledger.entries.filter((entry) => entry.action === action);
  }

  dataOf(action: string): readonly Readonly<Record<string, Json>>[] {
    return this.entriesOf(action).map(({ data }) => data);
  }

  private context(): Parameters<typeof planDeliveries>[1] {
    return planContext({
      channels: this.channels,
      deliveries: this.deliveries,
      members: (caseId) => this.membersOf(caseId),
      handled: () => this.handled,
      quiet: ({ id }) => this.quiet.get(id) ?? null,
      subject: () => ({ ...UNKNOWN_SUBJECT, owner: 'risk-team', ...this.subject }),
    });
  }

  private membersOf(caseId: string): readonly Incident[] {
    return [...this.incidents.values()]
      .filter((change) => change.caseId === caseId)
      .map(({ incident }) => incident);
  }

  /** One more outbox on the same log, as another process has it. */
  replica(): Outbox {
    const { ledger, deliveries, notifiers } = this;
    return new Outbox({
      ledger,
      deliveries,
      notifiers,
      channels: this.channels,
      isOpen: (stream) => this.membersOf(stream).some(({ state }) => state !== 'CLOSED'),
      log: Log.silent(),
      metrics: new Metrics(),
      random: () => 0.5,
    });
  }
}

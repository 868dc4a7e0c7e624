import type { Counter, Gauge, Histogram } from 'prom-client';
import type { RawEvent, RejectCode, Rejection } from '../domain/event.js';
import type { Metrics } from '../telemetry/metrics.js';
import { momentOf } from './landing/moment-of.js';

/** What the writer counts. */
export class IngestMetrics {
  private readonly events: Counter<'kind' | 'outcome'>;
  private readonly rejects: Counter<'code'>;
  private readonly seconds: Histogram;
  private readonly rows: Histogram;
  private readonly lag: Gauge;

  constructor(metrics: Metrics) {
    this.events = metrics.counter(
      'events_ingested_total',
      'Events stored, by what they are and whether they were understood.',
      ['kind', 'outcome'],
    );
    this.rejects = metrics.counter('event_rejects_total', 'Events that became dead letters, by reason.', [
      'code',
    ]);
    this.seconds = metrics.histogram(
      'ingest_batch_seconds',
      'Time of one insert with its read-back.',
      [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    );
    this.rows = metrics.histogram(
      'ingest_batch_events',
      'Events of one insert.',
      [1, 10, 100, 1000, 10_000, 100_000],
    );
    this.lag = metrics.gauge(
      'ingest_lag_seconds',
      'Age of the oldest event of the last insert when it was stored.',
    );
  }

  /** An event that became a dead letter without the engine's judgement. */
  keptOut({ kind }: RawEvent, code: RejectCode): void {
    this.rejects.inc({ code });
    this.events.inc({ kind: kind ?? 'mixed', outcome: 'dead' });
  }

  /** One insert done; `now` in epoch milliseconds. */
  batch(
    events: readonly RawEvent[],
    dead: readonly Rejection[],
    { seconds, now }: { seconds: number; now: number },
  ): void {
    const totals = { prediction: 0, label: 0, mixed: 0 };
    const lost = { prediction: 0, label: 0, mixed: 0 };
    let oldest = now;
    for (const event of events) {
      totals[event.kind ?? 'mixed'] += 1;
      oldest = Math.min(oldest, momentOf(event));
    }
    for (const { index, code } of dead) {
      lost[events[index]?.kind ?? 'mixed'] += 1;
      this.rejects.inc({ code });
    }
    for (const kind of ['prediction', 'label', 'mixed'] as const) {
      if (totals[kind] > lost[kind]) this.events.inc({ kind, outcome: 'stored' }, totals[kind] - lost[kind]);
      if (lost[kind] > 0) this.events.inc({ kind, outcome: 'dead' }, lost[kind]);
    }
    this.seconds.observe(seconds);
    this.rows.observe(events.length);
    this.lag.set((now - oldest) / 1000);
  }
}

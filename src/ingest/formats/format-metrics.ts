import type { Metrics } from '../../telemetry/metrics.js';
import type { Decoded } from './format-decoder.js';

/** What the format layer did, for Prometheus. */
export class FormatMetrics {
  private readonly rows;
  private readonly skipped;
  private readonly unnamed;
  private readonly unpaired;
  private readonly waiting;

  constructor(metrics: Metrics) {
    this.rows = metrics.counter('format_rows_total', 'Native events made of foreign messages.', ['format']);
    this.skipped = metrics.counter('format_skipped_total', 'Messages left out on purpose.', ['reason']);
    this.unnamed = metrics.counter(
      'format_unnamed_rows_total',
      'Rows without feature names, which got f0, f1, …',
      ['format'],
    );
    this.unpaired = metrics.counter(
      'format_unpaired_total',
      'Requests and responses whose other side never came.',
      ['side'],
    );
    this.waiting = metrics.gauge(
      'format_waiting_halves',
      'Requests and responses that wait for their other side.',
    );
  }

  decoded({ format, events, skipped, unnamed, pending }: Decoded): void {
    if (events.length > 0) this.rows.inc({ format }, events.length);
    if (skipped !== null) this.skipped.inc({ reason: skipped });
    if (unnamed > 0) this.unnamed.inc({ format }, unnamed);
    this.waiting.set(pending);
  }

  neverPaired(side: string): void {
    this.unpaired.inc({ side });
  }

  leftOut(reason: string): void {
    this.skipped.inc({ reason });
  }
}

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The process's Prometheus metrics: one registry, each metric made once under the prefix `tidewatch_`. */
export class Metrics {
  readonly registry = new Registry();

  /** Also collects process and Node metrics when `withProcess`. */
  constructor(withProcess = false) {
    if (withProcess) collectDefaultMetrics({ register: this.registry });
  }

  counter<Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ): Counter<Label> {
    const found = this.registry.getSingleMetric(`tidewatch_${name}`) as Counter<Label> | undefined;
    return (
      found ??
      new Counter({
        name: `tidewatch_${name}`,
        help,
        labelNames: [...labelNames],
        registers: [this.registry],
      })
    );
  }

  gauge<Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Gauge<Label> {
    const found = this.registry.getSingleMetric(`tidewatch_${name}`) as Gauge<Label> | undefined;
    return (
      found ??
      new Gauge({ name: `tidewatch_${name}`, help, labelNames: [...labelNames], registers: [this.registry] })
    );
  }

  histogram<Label extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    labelNames: readonly Label[] = [],
  ): Histogram<Label> {
    const found = this.registry.getSingleMetric(`tidewatch_${name}`) as Histogram<Label> | undefined;
    const options = { name: `tidewatch_${name}`, help, buckets: [...buckets], labelNames: [...labelNames] };
    return found ?? new Histogram({ ...options, registers: [this.registry] });
  }

  /** The exposition text for `/metrics`. */
  async text(): Promise<string> {
    return this.registry.metrics();
  }
}

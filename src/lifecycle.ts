import type { Server } from 'node:http';
import type {
  BeforeApplicationShutdown,
  OnApplicationBootstrap,
  OnApplicationShutdown,
  OnModuleDestroy,
} from '@nestjs/common';
import { reportLedger, vouch } from './ledger/vouch.js';
import { recordKeptOut } from './pipeline/record-kept-out.js';
import { leaveOthers } from './open-replicas.js';
import type { Service } from './service.js';

const IDLE_CHECK_MS = 50;
/** Kept of the time to stop in for what comes after the last answer: storing what was accepted and closing the engine. */
const AFTER_HTTP_MS = 5_000;

/**
 * Start and stop in order. Stopping: not ready any more, stop pulling (Kafka, timer), then HTTP closes (Nest) once requests in flight are
 * answered, then what was accepted is stored, and the engine closes last. Flushing earlier would lose rows that HTTP accepted in between.
 */
export class Lifecycle
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown
{
  private timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly service: Service,
    private readonly server: () => Server | undefined,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.service.kafka?.start();
    const { ledger, checkpoints, options } = this.service;
    reportLedger({ ledger, checkpoints, metrics: options.metrics }, options.clock.now());
    this.service.readiness.started();
  }

  async onModuleDestroy(): Promise<void> {
    this.service.readiness.stopping();
    await this.service.kafka?.stop();
    await this.service.spine.stop();
    await this.service.ledgerChecks.stop();
  }

  /** From here on nothing new is taken. A connection ends with the answer it waits for; who takes too long is cut off. */
  beforeApplicationShutdown(): void {
    const server = this.server();
    if (!server) return;
    const within = this.service.options.config.TIDEWATCH_STOP_WITHIN;
    const grace = Math.max(within - AFTER_HTTP_MS, within / 2);
    this.timers = [
      setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS),
      setTimeout(() => server.closeAllConnections(), grace),
    ];
  }

  async onApplicationShutdown(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.service.formats.writer.stop();
    await this.service.writer.drain();
    await this.service.stages.outbox.idle();
    await recordKeptOut(this.service.stages, this.service.keptOut);
    await this.service.keyUses.write(true);
    await leaveOthers(this.service);
    const { ledger, checkpoints, options } = this.service;
    const { log, metrics, clock } = options;
    await vouch({ ledger, checkpoints, log: log.of('ledger'), metrics }, clock.now(), true);
    await this.service.database.close();
  }
}

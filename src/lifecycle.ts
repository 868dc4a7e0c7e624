import type { OnApplicationBootstrap, OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';
import type { Service } from './service.js';

/**
 * Start and stop in order. Stopping: not ready any more, stop pulling (Kafka, timer), then HTTP closes (Nest), then what was accepted is
 * stored, and the engine closes last. Flushing earlier would lose rows that HTTP accepted in between.
 */
export class Lifecycle implements OnApplicationBootstrap, OnModuleDestroy, OnApplicationShutdown {
  constructor(private readonly service: Service) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.service.kafka?.start();
    this.service.readiness.started();
  }

  async onModuleDestroy(): Promise<void> {
    this.service.readiness.stopping();
    await this.service.kafka?.stop();
    await this.service.spine.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.service.formats.writer.stop();
    await this.service.writer.drain();
    await this.service.stages.outbox.idle();
    await this.service.checkpoints.sign(this.service.ledger.tree);
    await this.service.database.close();
  }
}

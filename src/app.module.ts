import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { ApiModule } from './api/api.module.js';
import { Lifecycle } from './lifecycle.js';
import { Heartbeat } from './pipeline/heartbeat.js';
import type { Service } from './service.js';
import { WebModule } from './web/web.module.js';

export interface AppOptions {
  /** Ask every second what is due; off where somebody else drives the spine (demo, tests). */
  readonly heartbeat: boolean;
}

/** The rim: HTTP, GraphQL, pages and the timer around a service. */
@Module({})
export class AppModule {
  static register(service: Service, { heartbeat }: AppOptions): DynamicModule {
    const beat = { provide: Heartbeat, useFactory: () => new Heartbeat(service.spine, service.stages.log.of('heartbeat')) };
    return {
      module: AppModule,
      imports: [ApiModule.register(service), WebModule.register(service), ...(heartbeat ? [ScheduleModule.forRoot()] : [])],
      providers: [{ provide: Lifecycle, useFactory: () => new Lifecycle(service) }, ...(heartbeat ? [beat] : [])],
    };
  }
}

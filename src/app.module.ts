import type { Server } from 'node:http';
import { type DynamicModule, Module } from '@nestjs/common';
import { ScheduleModule } from '@nestjs/schedule';
import { ActionsModule } from './actions.module.js';
import { ApiModule } from './api/api.module.js';
import { Lifecycle } from './lifecycle.js';
import { followOthers } from './open-replicas.js';
import { countAlerting, countPromotions } from './pipeline/alerting-metrics.js';
import { Heartbeat, type Beats } from './pipeline/heartbeat.js';
import { keepHouse } from './pipeline/housekeeping.js';
import { tellConcerns } from './pipeline/model-concerns.js';
import { recordKeptOut } from './pipeline/record-kept-out.js';
import { monitoringOfAll, reportMonitoring } from './pipeline/report-monitoring.js';
import { PartsModule } from './parts.module.js';
import { ReadsModule } from './reads.module.js';
import type { Service } from './service.js';
import { WebModule } from './web/web.module.js';

export interface AppOptions {
  /** Ask every second what is due; off where somebody else drives the spine (demo, tests). */
  readonly heartbeat: boolean;
}

/** The rim: HTTP, GraphQL, pages and the timer around a service. */
@Module({})
export class AppModule {
  static register(service: Service, { heartbeat }: AppOptions, server: () => Server): DynamicModule {
    const beat = {
      provide: Heartbeat,
      useFactory: () => heartbeatOf(service),
    };
    return {
      module: AppModule,
      imports: [
        PartsModule.register(service),
        ReadsModule.register(service),
        ActionsModule.register(service),
        ApiModule.register(service.options.log),
        WebModule,
        ...(heartbeat ? [ScheduleModule.forRoot()] : []),
      ],
      providers: [
        { provide: Lifecycle, useFactory: () => new Lifecycle(service, server) },
        ...(heartbeat ? [beat] : []),
      ],
    };
  }
}

/** A beat that keeps failing makes the process not ready, under its own name. */
function heartbeatOf(service: Service): Heartbeat {
  const beats = beatsOf(service);
  const { clock, log, metrics } = service.stages;
  const heartbeat = new Heartbeat(beats, { clock, log: log.of('heartbeat'), metrics });
  for (const beat of ['follow', 'judge', 'pin', 'deliver', 'keepHouse', 'check'] as const) {
    const { name } = beats[beat];
    service.readiness.add(`beat: ${name}`, () => heartbeat.problem(name));
    service.readiness.addOptional(`lag: ${name}`, () => heartbeat.lag(beat));
  }
  service.readiness.addOptional('judging', () => service.spine.backlog());
  return heartbeat;
}

function beatsOf(service: Service): Beats {
  const { spine, stages } = service;
  const counted = new Map<string, number>();
  return {
    follow: {
      name: 'follow',
      run: async () => followOthers(service).then(async () => service.people.catchUp()),
    },
    judge: { name: 'judge', run: async (terms) => spine.judge(terms) },
    pin: { name: 'pin', run: async () => spine.pin() },
    deliver: { name: 'deliver', run: async () => stages.outbox.drain(stages.clock.now()) },
    keepHouse: {
      name: 'keep house',
      run: async () => {
        // Slack may take its time: nothing waits for what it says of its channels.
        void stages.channelFile.look(stages.clock.now());
        await houseWork(service);
        countAlerting(stages, counted);
        countPromotions(stages, stages.clock.now());
      },
    },
    check: { name: 'check the ledger', run: async () => service.ledgerChecks.look() },
  };
}

/** What time alone brings about, and what is to be said of models as a whole. */
export async function houseWork({
  spine,
  stages,
  retention,
  erasing,
  sample,
  checkpoints,
  keptOut,
  keyUses,
}: Service): Promise<void> {
  await keepHouse(stages, checkpoints);
  await recordKeptOut(stages, keptOut);
  const monitoring = await monitoringOfAll(stages, spine.problems);
  await tellConcerns(stages, monitoring);
  await reportMonitoring(stages, monitoring);
  await erasing.resume();
  await retention.tidy(stages);
  await sample.look();
  await keyUses.write();
}

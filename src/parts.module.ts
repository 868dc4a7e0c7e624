import { type Abstract, type DynamicModule, Global, Module, type ValueProvider } from '@nestjs/common';
import { Approvals } from './approvals/approvals.js';
import { CONFIG } from './config/config.js';
import { Clock } from './domain/clock.js';
import { CaseFiles } from './incidents/case-files.js';
import { Incidents } from './incidents/incidents.js';
import { SeriousIncidents } from './incidents/serious-incidents.js';
import { Silences } from './incidents/silences.js';
import { CloudEventIntake } from './ingest/http/cloud-event-intake.js';
import { HttpIngest } from './ingest/http/http-ingest.js';
import { DeadLetters } from './ingest/landing/dead-letters.js';
import { Checkpoints } from './ledger/checkpoints.js';
import { LedgerChecks } from './ledger/ledger-checks.js';
import { Ledger } from './ledger/ledger.js';
import { Deliveries } from './notify/deliveries.js';
import { Changes } from './pipeline/changes.js';
import { Erasing } from './pipeline/erasing.js';
import { Holding } from './pipeline/holding.js';
import { TrainingFiles } from './pipeline/training-files.js';
import { Erasures } from './records/erasures.js';
import { KeyDoor } from './registry/key-door.js';
import { Names } from './registry/names.js';
import { Registry } from './registry/registry.js';
import { Residency } from './registry/residency.js';
import { ResidencyRefusals } from './registry/residency-refusals.js';
import { SignOn } from './registry/sign-on.js';
import { Retrainings } from './retraining/retrainings.js';
import type { Service } from './service.js';
import { Database } from './store/database.js';
import { Log } from './telemetry/log.js';
import { Metrics } from './telemetry/metrics.js';
import { Readiness } from './telemetry/readiness.js';

/** The parts of a service, each under its class: a resolver, a controller or a guard asks for those it needs. */
@Global()
@Module({})
export class PartsModule {
  static register(service: Service): DynamicModule {
    const providers = [...ofProcess(service), ...ofAccess(service), ...ofDecisions(service)];
    return { module: PartsModule, providers, exports: providers };
  }
}

/** An object under its class. */
export function part<T>(provide: Abstract<T>, useValue: T): ValueProvider<T> {
  return { provide, useValue };
}

/** What a process works with. */
function ofProcess(service: Service): readonly ValueProvider[] {
  const { options, database, readiness, http, formats, deadLetters, stages } = service;
  return [
    { provide: CONFIG, useValue: options.config },
    part(Changes, stages.changes),
    part(Clock, options.clock),
    part(CloudEventIntake, formats.cloudEvents),
    part(Database, database),
    part(DeadLetters, deadLetters),
    part(HttpIngest, http),
    part(Log, options.log),
    part(Metrics, options.metrics),
    part(Readiness, readiness),
    part(TrainingFiles, stages.trainingFiles),
  ];
}

/** Who may come in, and the ledger. */
function ofAccess(service: Service): readonly ValueProvider[] {
  const { ledger, ledgerChecks, checkpoints, door, names, signOn } = service;
  return [
    part(Checkpoints, checkpoints),
    part(KeyDoor, door),
    part(Ledger, ledger),
    part(LedgerChecks, ledgerChecks),
    part(Names, names),
    // Null where there are keys alone.
    { provide: SignOn, useValue: signOn },
  ];
}

/** What people decided. */
function ofDecisions({ registry, incidents, erasing, holding, stages }: Service): readonly ValueProvider[] {
  return [
    part(Approvals, stages.approvals),
    part(CaseFiles, stages.caseFiles),
    part(Deliveries, stages.deliveries),
    part(Erasing, erasing),
    part(Erasures, stages.erasures),
    part(Holding, holding),
    part(Incidents, incidents),
    part(Registry, registry),
    part(Residency, stages.residency),
    part(ResidencyRefusals, stages.residencyRefusals),
    part(Retrainings, stages.retrainings),
    part(SeriousIncidents, stages.seriousIncidents),
    part(Silences, stages.silences),
  ];
}

import { join } from 'node:path';
import type { Config } from './config/config.js';
import { referenceFolders } from './config/find-file.js';
import { packageFolder } from './config/package-folder.js';
import type { Clock } from './domain/clock.js';
import type { Incidents } from './incidents/incidents.js';
import { agreementOf, newFolds, residencyOf, stagesOf, type Folds } from './folds.js';
import type { DeadLetters } from './ingest/landing/dead-letters.js';
import type { EventWriter } from './ingest/landing/event-writer.js';
import { heardUntil, openDoors, type Doors } from './ingest/open-doors.js';
import type { HttpIngest } from './ingest/http/http-ingest.js';
import type { KafkaIngest } from './ingest/kafka/kafka-ingest.js';
import { judgingParts } from './judging-parts.js';
import type { AuditReads } from './ledger/audit-reads.js';
import type { Checkpoints } from './ledger/checkpoints.js';
import { LedgerChecks } from './ledger/ledger-checks.js';
import type { Ledger } from './ledger/ledger.js';
import { budgetOf, keepTermsOf } from './limits-from.js';
import { HttpSender } from './notify/http-sender.js';
import { slackReply } from './notify/slack-reply.js';
import { openAccess, openNames } from './open-access.js';
import { openLedger } from './open-ledger.js';
import { openMinutes } from './open-minutes.js';
import { followOthers, openReplicas } from './open-replicas.js';
import { erasingOf, personsOf, type Persons } from './open-erasing.js';
import { MonitoringRepository } from './pipeline/monitoring.repository.js';
import { enterModelFile } from './pipeline/enter-model-file.js';
import { ModelFaults } from './pipeline/model-faults.js';
import { References } from './pipeline/reference.js';
import type { Erasing } from './pipeline/erasing.js';
import { Holding } from './pipeline/holding.js';
import { JudgedSample } from './pipeline/judged-sample.js';
import { Retention } from './pipeline/retention.js';
import { Spine } from './pipeline/spine.js';
import type { OwnLook } from './pipeline/own-reference.js';
import type { Stages } from './pipeline/stages.js';
import { BaselineRepository } from './profiles/baseline.repository.js';
import { DirtyMinuteScan } from './profiles/dirty-minutes.js';
import { Profiles } from './profiles/profiles.js';
import { Reconciliation } from './profiles/reconciliation.js';
import type { KeyDoor } from './registry/key-door.js';
import type { KeyUses } from './registry/key-uses.js';
import type { Keys } from './registry/keys.js';
import type { Names } from './registry/names.js';
import type { People } from './registry/people.js';
import type { Registry } from './registry/registry.js';
import type { Sessions } from './registry/sessions.js';
import type { SignOn } from './registry/sign-on.js';
import { LiveChannels } from './live-channels.js';
import { deliveringOf } from './delivering.js';
import type { Ground } from './ground.js';
import { readinessOf } from './readiness-of.js';
import { readFiles, type Files } from './read-files.js';
import { startRemarks } from './start-remarks.js';
import { callbackToken, callbackTokenHash } from './retraining/callback-token.js';
import type { Database } from './store/database.js';
import { LossWatch } from './store/lost-parts.js';
import { migrate } from './store/migrate.js';
import { makeFolder } from './store/make-folder.js';
import { openDatabase } from './store/open-database.js';
import type { Log } from './telemetry/log.js';
import type { Metrics } from './telemetry/metrics.js';
import type { Readiness } from './telemetry/readiness.js';

export interface ServiceOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Where the service is reached; links in messages begin with it. */
  readonly baseUrl: string;
  /** Environment for `${NAME}` in the channels file. */
  readonly lookup?: (name: string) => string | undefined;
  /** What the files say, where they were read already. */
  readonly files?: Files;
  /** Told what the start waits for. */
  readonly waiting?: (part: string, problem: string) => void;
  /** Ends a start that is under way: what was opened is closed, and its reason is thrown. */
  readonly stopping?: AbortSignal;
}

/** Every part of a running Tidewatch, put together and in working order. `adminKey` is set only when it was made just now. */
export abstract class Service {
  abstract readonly options: ServiceOptions;
  abstract readonly database: Database;
  abstract readonly ledger: Ledger;
  abstract readonly checkpoints: Checkpoints;
  /** What looks at the whole ledger beside other work. */
  abstract readonly ledgerChecks: LedgerChecks;
  /** Who looked into the ledger. */
  abstract readonly auditReads: AuditReads;
  abstract readonly registry: Registry;
  abstract readonly keys: Keys;
  /** When keys were last used, across restarts. */
  abstract readonly keyUses: KeyUses;
  /** Where keys are looked at. */
  abstract readonly door: KeyDoor;
  /** People as the identity provider names them, and their sign-ins. */
  abstract readonly people: People;
  abstract readonly sessions: Sessions;
  /** How people sign in; null where there are keys alone. */
  abstract readonly signOn: SignOn | null;
  /** Names for the ids of the ledger. */
  abstract readonly names: Names;
  abstract readonly incidents: Incidents;
  abstract readonly writer: EventWriter;
  abstract readonly formats: Doors['formats'];
  abstract readonly http: HttpIngest;
  abstract readonly deadLetters: DeadLetters;
  abstract readonly keptOut: Doors['keptOut'];
  abstract readonly kafka: KafkaIngest | null;
  abstract readonly stages: Stages;
  abstract readonly spine: Spine;
  /** What lets old data go. */
  abstract readonly retention: Retention;
  /** What looks at judged windows again. */
  abstract readonly sample: JudgedSample;
  /** What stands for persons and predictions in the ledger. */
  abstract readonly hashes: Persons['hashes'];
  /** What takes persons out of the store. */
  abstract readonly erasing: Erasing;
  /** Where legal holds are placed. */
  abstract readonly holding: Holding;
  abstract readonly readiness: Readiness;
  abstract readonly adminKey: string | null;
}

/**
 * Reads the files, unless that was done, opens the store, brings the schema up to date, rebuilds every state from the ledger and registers what the files say. The
 * admin key is made last: a start that fails must not swallow it.
 */
export async function openService(options: ServiceOptions): Promise<Service> {
  const { config, clock, log, stopping } = options;
  const files = options.files ?? readFiles(config, options.lookup ?? (() => undefined));
  const path = join(config.TIDEWATCH_DATA_DIR, 'engine');
  makeFolder(path);
  const database = await openStore(options, path);
  try {
    stopping?.throwIfAborted();
    const topology = config.CLICKHOUSE_CLUSTER ? { cluster: config.CLICKHOUSE_CLUSTER } : 'single';
    await migrate(database, { directory: join(packageFolder(), 'migrations'), topology }, clock.now());
    stopping?.throwIfAborted();
    const live = new LiveChannels(
      config,
      options.lookup ?? (() => undefined),
      log.of('config'),
      files.channelFile,
    );
    const folds = newFolds(() => live.current.maintenance);
    const { ledger, checkpoints, callbackSecret } = await openLedger(options, database, folds);
    const replicas = openReplicas(config, { database, ledger, membership: folds.membership });
    const known = await openNames(database, folds, callbackSecret);
    const ground = { database, ledger, folds, replicas, live, callbackSecret, ...known };
    const stages = await assemble(options, files, ground);
    const { registry, incidents, auditReads } = folds;
    const persons = personsOf(options, database, { folds, callbackSecret });
    const { erased } = persons;
    const stores = { database, registry, residency: stages.residency };
    const doors = await openDoors({ ...options, ...stores, erased, identity: replicas.id });
    const spine = new Spine(stages, (now) => heardUntil(now, doors));
    await spine.restore();
    stopping?.throwIfAborted();
    for (const remark of startRemarks(config, files, stages)) log.of('config').warn(remark);
    const losses = new LossWatch(database, log.of('store'), options.metrics);
    await losses.problem();
    const watched = { database, losses, ledger, refusals: folds.refusals, replicas, live, stages };
    const readiness = readinessOf({ ...watched, kafka: doors.kafka });
    const access = await openAccess(options, { ...ground, readiness });
    const retention = new Retention(keepTermsOf(config));
    const sample = new JudgedSample(stages, { perHour: config.TIDEWATCH_RECHECK, draw: Math.random });
    const erasing = erasingOf(stages, persons, { config, writer: doors.writer });
    const ledgerChecks = new LedgerChecks(ledger, clock);
    const control = { ledger, checkpoints, ledgerChecks, auditReads, registry, ...access, incidents };
    const holding = new Holding(stages, erasing);
    const running = { stages, spine, retention, sample, erasing, holding, hashes: persons.hashes, readiness };
    const service = { options, database, ...control, ...doors, ...running };
    await followOthers(service);
    return service;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The store; one that may come up later is waited for, and who asks is told so. */
async function openStore(
  { config, log, waiting, stopping }: ServiceOptions,
  path: string,
): Promise<Database> {
  const wait = {
    ...(stopping ? { signal: stopping } : {}),
    tell: (problem: string) => waiting?.('store', problem),
    predecessorMs: config.TIDEWATCH_STOP_WITHIN,
  };
  return openDatabase({ url: () => config.CLICKHOUSE_URL, path, log: log.of('store'), wait });
}

/** Registers the models that the files describe, and puts their policies in force. Throws PolicyError for an adopted policy that does not load any more. */
async function enterFiles({ models, policies }: Files, ledger: Ledger, folds: Folds): Promise<void> {
  for (const model of models) await ledger.transact((now) => enterModelFile(folds, model, now));
  await ledger.transact((now) => folds.policies.activate(policies, now));
  folds.policies.inForce();
}

async function assemble(options: ServiceOptions, files: Files, ground: Ground): Promise<Stages> {
  const { database, ledger, folds, replicas, live, callbackSecret, names } = ground;
  const { config, clock, log, metrics, baseUrl } = options;
  await enterFiles(files, ledger, folds);
  for (const warning of folds.policies.behind(files.policies)) log.of('config').warn(warning);
  const baselines = new BaselineRepository(database);
  const holds = (model: string) => replicas.holds(model);
  const { registry } = folds;
  const profiles = new Profiles(database);
  const minutes = openMinutes(database);
  const references = new References(baselines, clock);
  const places = residencyOf(config, folds);
  const judging = judgingParts({ database, log: log.of('pipeline'), graceMs: config.TIDEWATCH_GRACE });
  const read = { profiles, references, minutes, places };
  const { http, ...delivering } = deliveringOf(options, files, ground, read);
  return {
    database,
    clock,
    log: log.of('pipeline'),
    metrics,
    ledger,
    ...stagesOf(folds),
    ...calling(names),
    get policies() {
      return folds.policies.inForce();
    },
    ...agreementOf(config, folds),
    ...places,
    replicas,
    scan: new DirtyMinuteScan(database, (model, environment) => registry.counts(model, environment)),
    reconciliation: new Reconciliation(database, () => registry.ownEnvironments(holds)),
    profiles,
    ...minutes,
    monitoringSaid: new MonitoringRepository(database),
    baselines,
    references,
    ...judging,
    ...partsOf(options, files, http),
    channelFile: live,
    get channels() {
      return live.current.channels;
    },
    get routes() {
      return live.current.routes;
    },
    get weekly() {
      return live.current.weekly;
    },
    get people() {
      return live.current.people;
    },
    callbackSecret,
    tokenHash: (id) => callbackTokenHash(callbackToken(callbackSecret, id)),
    ...delivering,
    ...looksOf(),
    budget: budgetOf(config),
    faults: new ModelFaults(clock, log.of('pipeline')),
    baseUrl,
  };
}

/** What stages call whoever does something. */
function calling(names: Names): Pick<Stages, 'nameOf' | 'personOf' | 'makersOf'> {
  return {
    nameOf: (actor) => names.of(actor),
    personOf: (actor) => names.personOf(actor),
    makersOf: (actor) => names.makersOf(actor),
  };
}

/** What the stages remember of their looks while this process lives. */
function looksOf(): Pick<Stages, 'ownLooks' | 'calibrationLooks' | 'measuredSince' | 'comparedAt'> {
  const [ownLooks, calibrationLooks] = [new Map<string, OwnLook>(), new Map<string, number>()];
  return { ownLooks, calibrationLooks, measuredSince: new Map(), comparedAt: new Map() };
}

type FromFile = 'guards' | 'referenceFolders';

/** What the stages take from the files as it is, and the way back to people who click in Slack. */
function partsOf(
  { config, clock, log }: ServiceOptions,
  files: Files,
  http: HttpSender,
): Pick<Stages, FromFile | 'reply'> {
  return {
    guards: files.guards,
    reply: slackReply(http, clock, log.of('slack')),
    referenceFolders: referenceFolders(config.TIDEWATCH_MODELS_DIR),
  };
}

import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type { Config } from './config/config.js';
import { heardUntil, type Doors } from './ingest/open-doors.js';
import type { Ledger } from './ledger/ledger.js';
import type { Spine } from './pipeline/spine.js';
import { standingsText } from './pipeline/standing.js';
import type { Stages } from './pipeline/stages.js';
import type { Membership } from './replicas/membership.js';
import type { ReplicaReport } from './replicas/replica-table.js';
import { HEARD_ALL, Replicas } from './replicas/replicas.js';
import type { Database } from './store/database.js';

interface Ground {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly membership: Membership;
}

/** This process among those that share the store; with the embedded engine there is no other. */
export function openReplicas(config: Config, ground: Ground): Replicas {
  const name = config.TIDEWATCH_REPLICA_NAME ?? hostname();
  const id = `${name}-${randomBytes(6).toString('hex')}`;
  return new Replicas({ id, name, leaseMs: config.TIDEWATCH_REPLICA_LEASE, ...ground });
}

interface Follower {
  readonly spine: Spine;
  readonly stages: Stages;
  readonly writer: Doors['writer'];
  readonly kafka: Doors['kafka'];
}

/** Takes in what others decided since, says that this process is there and hears who else is. */
export async function followOthers(service: Follower): Promise<void> {
  const { ledger, replicas } = service.stages;
  if (!replicas.isShared) return;
  await ledger.refresh();
  if (!replicas.isReportDue) return;
  await replicas.beat(reportOf(service));
  count(service.stages);
}

/** Hands over what is this process's: others take it up at once. For an orderly stop. */
export async function leaveOthers(service: Follower): Promise<void> {
  const { replicas, log } = service.stages;
  await replicas.leave(reportOf(service)).catch((error: unknown) => {
    log.warn('the others could not be told of the stop: they find out by themselves', {
      error: String(error),
    });
  });
}

function count({ metrics, replicas }: Pick<Stages, 'metrics' | 'replicas'>): void {
  const all = replicas.list();
  metrics.gauge('replicas', 'Processes that share the models of the store.').set(all.length);
  metrics
    .gauge('replica_models', 'Models that are judged by this process.')
    .set(all.find(({ isSelf }) => isSelf)?.models ?? 0);
}

function reportOf({ spine, stages, writer, kafka }: Follower): ReplicaReport {
  const now = stages.clock.now();
  // With nothing under way nobody needs to wait for this process, whatever the time of its last report.
  const waiting = kafka !== null || writer.pendingSince !== null;
  const models = stages.registry.models().filter(({ model }) => stages.replicas.holds(model.key)).length;
  return {
    models,
    paying: spine.paying(),
    heardUntil: waiting ? heardUntil(now, { writer, kafka }).getTime() : HEARD_ALL,
    scannedTo: stages.scan.committedTo,
    standing: standingsText(stages, spine.problems),
  };
}

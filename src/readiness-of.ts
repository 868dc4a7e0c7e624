import type { KafkaIngest } from './ingest/kafka/kafka-ingest.js';
import type { Ledger } from './ledger/ledger.js';
import { checkingText } from './ledger/ledger-checks.js';
import type { Refusals } from './ledger/refusals.js';
import type { LiveChannels } from './live-channels.js';
import { channelHealth, type FaultOf } from './notify/channel-health.js';
import { channelsProblem } from './notify/channel-problems.js';
import type { References } from './pipeline/reference.js';
import type { Stages } from './pipeline/stages.js';
import type { ChangedWindows } from './windows/changed-windows.js';
import type { Replicas } from './replicas/replicas.js';
import { DatabaseError, type Database } from './store/database.js';
import type { LossWatch } from './store/lost-parts.js';
import { Readiness } from './telemetry/readiness.js';

interface Parts {
  readonly database: Database;
  readonly kafka: KafkaIngest | null;
  readonly losses: LossWatch;
  readonly ledger: Ledger;
  readonly refusals: Refusals;
  readonly replicas: Replicas;
  readonly live: LiveChannels;
  readonly stages: Pick<Stages, 'references' | 'changedWindows' | 'clock' | 'deliveries' | 'policies'>;
}

/** Whoever balances events has nothing to do with it; who runs the service does. */
const NO_POLICY = 'none is in force: nothing that is found becomes an incident, and nobody is told';

/** Parts that have to work, and parts without which the rest still serves. */
export function readinessOf(parts: Parts): Readiness {
  const { database, kafka, losses, ledger, refusals, replicas, stages } = parts;
  const readiness = new Readiness();
  readiness.add('store', async () => storeProblem(database));
  if (kafka) readiness.addOptional('kafka', () => kafkaProblem(kafka));
  readiness.addOptional('data', async () => losses.problem());
  readiness.addOptional(
    'ledger',
    () => ledgerProblem(ledger, refusals),
    () => checkingText(ledger),
  );
  readiness.addOptional('policies', () => (stages.policies.length > 0 ? null : NO_POLICY));
  readiness.addOptional('channels', () => unheard(parts));
  readiness.addOptional('references', () => referencesProblem(stages.references));
  readiness.addOptional('windows', () => windowsProblem(stages.changedWindows));
  if (replicas.isShared) readiness.addOptional('replicas', () => replicas.problem());
  return readiness;
}

/** That the store does not answer, and by which code; what it said is for the log. */
async function storeProblem(database: Database): Promise<string | null> {
  try {
    await database.ping();
    return null;
  } catch (error) {
    return `does not answer (${error instanceof DatabaseError ? error.code : 'unknown'})`;
  }
}

/** It is served and written on; what it proves ends where it broke, and rows of others are not obeyed. */
function ledgerProblem(ledger: Ledger, refusals: Refusals): string | null {
  if (ledger.problem !== null) return `is not intact: ${ledger.problem}`;
  const open = refusals.openOf(ledger.refused);
  const [first] = open;
  return first
    ? `holds ${open.length} rows that this service did not write and does not obey, the first is entry ${first.seq} (${first.action}); tidewatch audit refusals`
    : null;
}

/** Models that nothing is judged of, because what they are held against is not what was pinned. */
function referencesProblem(references: References): string | null {
  const [first, ...others] = references.unusableOf();
  if (!first) return null;
  const more = others.length === 0 ? '' : `; ${others.length} more like it`;
  return `of ${first.model}: ${first.reason}${more}`;
}

/** Judged windows whose rows or results somebody wrote in the store: what they were judged on stands in the ledger, and not in the store any more. */
function windowsProblem({ open }: ChangedWindows): string | null {
  const [first] = open;
  if (!first) return null;
  const { model, version, from, what } = first;
  return `rows or results of ${open.length} judged windows were changed in the store (the first: ${what} of ${model} ${version} from ${from}); tidewatch audit changes`;
}

/** That the channels file is not in force as it is written, and which channels tell nobody: whoever sends events has nothing to do with it. */
function unheard({ live, stages }: Pick<Parts, 'live' | 'stages'>): string | null {
  const faultOf: FaultOf = (destination) => live.faultOf(destination);
  const look = { now: stages.clock.now(), faultOf };
  const problem = channelsProblem(channelHealth(live.current.channels, stages.deliveries, look));
  const said = [live.problem, problem].filter((text) => text !== null);
  return said.length === 0 ? null : said.join('; ');
}

/** A group that waits for its first assignment is not a fault; a connection that cannot be made is. */
function kafkaProblem(kafka: KafkaIngest): string | null {
  const { state, detail } = kafka.status();
  if (state === 'connecting') return `${state} ${detail}`;
  return state === 'failed' ? `${state}: ${detail}` : null;
}

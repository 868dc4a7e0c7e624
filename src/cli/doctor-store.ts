import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { CodedError } from '../domain/coded-error.js';
import { packageFolder } from '../config/package-folder.js';
import { keysAreOpen } from '../replicas/shared-keys.js';
import type { Database } from '../store/database.js';
import { lossText, lostParts } from '../store/lost-parts.js';
import { migrationStatus, type MigrationState } from '../store/migration-status.js';
import { ApiClient } from './api-client.js';
import { auditStore } from './audit-store.js';
import type { DataOptions } from './arguments.js';
import { withStore } from './connect.js';
import { CliError } from './exit.js';
import {
  overdueFinding,
  servedOverdue,
  servedTakenBack,
  servedUnjudged,
  storedOverdue,
  storedTakenBack,
  storedUnjudged,
  takenBackFindings,
  takenBackUnknown,
  unjudgedFinding,
} from './doctor-models.js';
import { policyFindings, storedPolicies, type InForce } from './doctor-policies.js';
import { ASK_WITH_KEY, fail, looking, ok, retentionFinding, warn, type Diagnosis } from './finding.js';
import { engineFolder, locate, readinessAt, serviceUrl, tokenOf } from './locate.js';

const MOST_SKEW_MS = 5_000;

/** The service where one holds the data, else the store itself; a store that is not there yet is not made. */
export async function storeFindings(config: Config, options: DataOptions): Promise<readonly Diagnosis[]> {
  const embedded = config.CLICKHOUSE_URL === undefined;
  if (options.url === undefined && embedded && !existsSync(engineFolder(config)))
    return [
      await engineInstalled(),
      await portFree(config),
      ok('store', 'empty: it is made at the first start'),
    ];
  let findings: readonly Diagnosis[] = [];
  const located = await looking('store', embedded ? embeddedFix : serverFix, async () => {
    const place = await locate(config, options, false);
    if (place.kind === 'service') {
      findings = await serviceFindings(place.url, config);
      return ok('store', `held by the service at ${place.url}`);
    }
    const port = await portFree(config);
    findings = [port, ...(await withStore(config, async (database) => directFindings(database, config)))];
    return ok('store', embedded ? 'the embedded engine opens it' : 'the ClickHouse server answers');
  });
  return located.state === 'ok' ? [located, ...findings] : [located];
}

const UNREACHABLE =
  'start the service there, or leave out --url and TIDEWATCH_URL to look at the data folder';

function serverFix(error: unknown): string {
  if (error instanceof CliError && error.code === 'unreachable') return UNREACHABLE;
  return 'check CLICKHOUSE_URL: http://user:password@host:8123/database';
}

function embeddedFix(error: unknown): string {
  switch (error instanceof CodedError ? error.code : null) {
    case 'unreachable':
      return UNREACHABLE;
    case 'directory_in_use':
    case 'DIRECTORY_IN_USE':
      return 'say where the service that holds it answers with --url, or stop the process';
    case 'CHDB_MISSING':
      return 'install it with: npm install chdb (glibc or macOS), or set CLICKHOUSE_URL';
    default:
      return 'make the folder writable for this user, or name another with TIDEWATCH_DATA_DIR';
  }
}

async function engineInstalled(): Promise<Diagnosis> {
  return looking(
    'engine',
    'install it with: npm install chdb (glibc or macOS), or set CLICKHOUSE_URL',
    () => {
      const folder = join(packageFolder(), 'node_modules', 'chdb');
      if (existsSync(folder) || import.meta.resolve('chdb'))
        return ok('engine', 'the embedded engine is installed');
      return fail('engine', 'the embedded engine is not installed', 'npm install chdb');
    },
  );
}

/** Nobody answers as Tidewatch there, so nobody else should either. */
async function portFree(config: Config): Promise<Diagnosis> {
  const { HOST: host, PORT: port } = config;
  if (await readinessAt(serviceUrl(config)))
    return ok('port', `a Tidewatch answers at ${serviceUrl(config)}`);
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) =>
      resolve(
        fail(
          'port',
          `${host}:${port} cannot be listened on (${error.code ?? error.message})`,
          'set PORT or HOST to a free address',
        ),
      ),
    );
    probe.listen(port, host, () => probe.close(() => resolve(ok('port', `${host}:${port} is free`))));
  });
}

async function directFindings(database: Database, config: Config): Promise<readonly Diagnosis[]> {
  const schema = await looking('schema', 'run tidewatch migrate', async () =>
    schemaFinding(await migrationStatus(database, join(packageFolder(), 'migrations'))),
  );
  const data = await looking('data', 'look at the log of the store', async () => {
    const problem = lossText(await lostParts(database));
    return problem === null
      ? ok('data', 'no part of a table was set aside')
      : fail('data', problem, 'restore the rows from a back-up, or send them again');
  });
  const known = schema.state === 'ok' ? await findingsIn(database, config) : [];
  return [schema, ...known, data, await clockOf(database)];
}

/** What the tables of a store say, where they are those of this version. */
async function findingsIn(database: Database, config: Config): Promise<readonly Diagnosis[]> {
  return [
    await looking('ledger', KEEP_STORE, async () => ledgerFinding(await auditStore(database, config))),
    ...(await policyFindings(config, async () => storedPolicies(config, database))),
    ...takenBackFindings(await storedTakenBack(database)),
    unjudgedFinding(await storedUnjudged(database)),
    overdueFinding(await storedOverdue(database, new Date())),
    ...(await keysOf(database)),
  ];
}

const KEEP_STORE = 'keep the store as it is and compare it with an export or a checkpoint you kept';

/** Who may sign in the name of a server's processes. */
async function keysOf(database: Database): Promise<readonly Diagnosis[]> {
  if (database.mode === 'embedded') return [];
  const found = await looking('keys', 'run tidewatch migrate', async () => {
    if (!(await keysAreOpen(database))) return ok('keys', 'sealed, or not shared yet');
    const fix = 'set TIDEWATCH_SHARED_SECRET to the same text for every process';
    return warn('keys', 'who can read the store can sign its ledger', fix);
  });
  return [found];
}

function schemaFinding(migrations: readonly MigrationState[]): Diagnosis {
  const due = migrations.filter(({ applied }) => !applied).map(({ name }) => name);
  if (due.length === 0) return ok('schema', `${migrations.length} migrations applied`);
  return warn('schema', `due: ${due.join(', ')}`, 'run tidewatch migrate, or start the service');
}

function ledgerFinding({
  valid,
  entries,
  problem,
}: {
  valid: boolean;
  entries: number;
  problem: string | null;
}): Diagnosis {
  if (valid) return ok('ledger', `${entries} entries, intact`);
  return fail('ledger', problem ?? 'not intact', KEEP_STORE);
}

async function clockOf(database: Database): Promise<Diagnosis> {
  if (database.mode === 'embedded')
    return ok('clock', 'the store runs on this machine: nothing to compare with');
  const before = Date.now();
  const [row] = await database.query<{ now: number }>('SELECT toUnixTimestamp64Milli(now64(3)) AS now');
  return skewFinding(Number(row?.now ?? before) - (before + Date.now()) / 2, 'the ClickHouse server');
}

function skewFinding(skewMs: number, other: string): Diagnosis {
  const seconds = `${(Math.abs(skewMs) / 1000).toFixed(1)} s`;
  if (Math.abs(skewMs) <= MOST_SKEW_MS) return ok('clock', `within ${seconds} of ${other}`);
  return warn(
    'clock',
    `${seconds} ${skewMs > 0 ? 'behind' : 'ahead of'} ${other}`,
    'keep both machines in step (NTP): late and early are judged by the clock',
  );
}

async function serviceFindings(url: string, config: Config): Promise<readonly Diagnosis[]> {
  const api = new ApiClient(url, tokenOf(config));
  const before = Date.now();
  const live = await fetch(`${url}/health/live`);
  // The header counts whole seconds.
  const skew = new Date(live.headers.get('date') ?? before).getTime() + 500 - (before + Date.now()) / 2;
  const ready = await readinessAt(url);
  const bad = Object.entries(ready?.parts ?? {}).filter(([, state]) => state !== 'ok');
  const service =
    ready?.status === 'ok'
      ? ok('service', `ready: ${Object.keys(ready.parts).join(', ')}`)
      : fail(
          'service',
          bad.map(([part, state]) => `${part}: ${state}`).join('; ') || 'not ready',
          'see the log of the service',
        );
  const schema = await looking('schema', ASK_WITH_KEY, async () => {
    const { migrations } = await api.query<{ migrations: readonly MigrationState[] }>(
      '{ migrations { name applied } }',
    );
    return schemaFinding(migrations);
  });
  const ledger = await looking('ledger', ASK_WITH_KEY, async () => {
    const { auditVerification: found } = await api.query<{
      auditVerification: { valid: boolean; entries: number; problem: string | null };
    }>('{ auditVerification { valid entries problem } }');
    return ledgerFinding(found);
  });
  const kept = await looking('retention', ASK_WITH_KEY, async () => {
    const { retention } = await api.query<{ retention: { remarks: readonly string[] } }>(
      '{ retention { remarks } }',
    );
    return retentionFinding(retention.remarks);
  });
  const policies = await policyFindings(config, async () => {
    const found = await api.query<{ policies: readonly InForce[] }>(
      '{ policies { id version unknownChannels } }',
    );
    return found.policies;
  });
  const back = await servedTakenBack(api).then(takenBackFindings, takenBackUnknown);
  const judged = await looking('monitoring', ASK_WITH_KEY, async () =>
    unjudgedFinding(await servedUnjudged(api)),
  );
  const reviews = await looking('reviews', ASK_WITH_KEY, async () =>
    overdueFinding(await servedOverdue(api)),
  );
  return [
    service,
    schema,
    ledger,
    ...policies,
    ...back,
    judged,
    reviews,
    kept,
    skewFinding(skew, 'the service'),
  ];
}

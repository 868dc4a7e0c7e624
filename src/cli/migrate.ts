import { join } from 'node:path';
import { Command } from 'commander';
import type { Config } from '../config/config.js';
import { packageFolder } from '../config/package-folder.js';
import { migrate } from '../store/migrate.js';
import { migrationStatus, type MigrationState } from '../store/migration-status.js';
import { answering, type Answer } from './answer.js';
import { onData, type DataOptions } from './arguments.js';
import { withApi, withStore } from './connect.js';
import { configOf, locate } from './locate.js';

interface MigrateOptions extends DataOptions {
  readonly status?: boolean;
}

/** `tidewatch migrate`: the schema, brought up to date or looked at. */
export function migrateCommand(): Command {
  const command = new Command('migrate')
    .description("bring the store's schema up to date; a service does the same when it starts")
    .option('--status', 'only say what is there and what is due');
  return onData(command, 'migrate --status', 'migrate --data ./data').action(
    answering(async (options: MigrateOptions) => run(options)),
  );
}

async function run(options: MigrateOptions): Promise<Answer> {
  const config = configOf(options);
  const { status = false } = options;
  // A server takes migrations from anybody, which a rolling upgrade needs; an embedded store only from the process that holds it.
  const shared = config.CLICKHOUSE_URL !== undefined && options.url === undefined;
  const place = shared ? ({ kind: 'store' } as const) : await locate(config, options, status);
  if (place.kind === 'service') return ofService(options);
  return withStore(config, async (database) => {
    if (status) return statusAnswer(await migrationStatus(database, folder()));
    const topology = topologyOf(config);
    const { applied, present } = await migrate(database, { directory: folder(), topology }, new Date());
    const lines = applied.map((name) => `applied ${name}`);
    return {
      ok: true,
      lines: lines.length > 0 ? lines : [`nothing to do: ${present.length} migrations are there`],
      json: { applied, present },
    };
  });
}

/** The service applied what it knew when it started; what is due now came with a newer release than the one that runs. */
async function ofService(options: MigrateOptions): Promise<Answer> {
  return withApi(options, { data: true }, async (api) => {
    const { migrations } = await api.query<{ migrations: readonly MigrationState[] }>(
      '{ migrations { name applied } }',
    );
    return statusAnswer(migrations);
  });
}

function statusAnswer(migrations: readonly MigrationState[]): Answer {
  const due = migrations.filter(({ applied }) => !applied);
  const lines = migrations.map(({ name, applied }) => `${applied ? 'applied' : 'due    '} ${name}`);
  return { ok: due.length === 0, lines, json: { migrations, due: due.length } };
}

function folder(): string {
  return join(packageFolder(), 'migrations');
}

function topologyOf({ CLICKHOUSE_CLUSTER: cluster }: Config): 'single' | { readonly cluster: string } {
  return cluster === undefined ? 'single' : { cluster };
}

import { DatabaseError } from './database.js';

/** One server (or embedded), or the name of a cluster whose tables are replicated. */
export type Topology = 'single' | { readonly cluster: string };

const TOKEN = /\{\{(?<name>\w+)(?::(?<argument>\w+))?\}\}/gu;

/**
 * Fills in `{{engine:MergeTree}}` and `{{on_cluster}}`: one set of migrations for every topology. Throws DatabaseError
 * MIGRATION_TEMPLATE for a token it does not know or a cluster name that is not a plain word. Files share no pieces: what a released file does
 * stands in it, and a piece that changed later would change what was applied.
 */
export function renderMigration(text: string, topology: Topology): string {
  const cluster = topology === 'single' ? null : clusterName(topology.cluster);
  return text.replace(TOKEN, (token: string, name: string, argument: string | undefined) => {
    if (name === 'engine' && argument !== undefined)
      return cluster === null ? argument : `Replicated${argument}`;
    if (name === 'on_cluster' && argument === undefined)
      return cluster === null ? '' : `ON CLUSTER '${cluster}'`;
    throw new DatabaseError(
      `unknown template ${token}; there are {{engine:Name}} and {{on_cluster}}`,
      'MIGRATION_TEMPLATE',
      false,
    );
  });
}

/** `{cluster}` is ClickHouse's own macro. */
function clusterName(cluster: string): string {
  if (/^(?:\{cluster\}|[\w-]+)$/u.test(cluster)) return cluster;
  throw new DatabaseError(
    `cluster name ${JSON.stringify(cluster)} is not a plain word`,
    'MIGRATION_TEMPLATE',
    false,
  );
}

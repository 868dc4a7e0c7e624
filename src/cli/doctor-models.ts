import type { Database } from '../store/database.js';
import type { ApiClient } from './api-client.js';
import { warn, type Finding } from './finding.js';

/** A model whose file took something back at a start. */
export interface TakenBack {
  readonly key: string;
  readonly seq: number;
  readonly what: readonly string[];
}

// The newest word on each model: once it is described anew nothing is taken back any more.
const UNDONE = `
  SELECT key, seq, what FROM (
    SELECT subject_id AS key, seq, JSONExtract(entry, 'data', 'undoes', 'Array(String)') AS what
    FROM ledger
    WHERE subject_type = 'model' AND action IN ('model.registered', 'model.updated')
    ORDER BY seq DESC
    LIMIT 1 BY subject_id)
  WHERE notEmpty(what)
  ORDER BY key`;

/** The same from the ledger of a store that no service holds. */
export async function storedTakenBack(database: Database): Promise<readonly TakenBack[]> {
  const rows = await database.query<{ key: string; seq: string | number; what: readonly string[] }>(UNDONE);
  return rows.map(({ key, seq, what }) => ({ key, seq: Number(seq), what }));
}

/** The same from a service. */
export async function servedTakenBack(api: ApiClient): Promise<readonly TakenBack[]> {
  const { models } = await api.query<{
    models: { nodes: readonly { key: string; undoneByFile: Omit<TakenBack, 'key'> }[] };
  }>('{ models(first: 200, filter: { isUndoneByFile: true }) { nodes { key undoneByFile { seq what } } } }');
  return models.nodes.map(({ key, undoneByFile }) => ({ key, ...undoneByFile }));
}

/** What model files took back of what others had agreed to; none where they took nothing back. */
export function takenBackFindings(found: readonly TakenBack[]): readonly Finding[] {
  if (found.length === 0) return [];
  const texts = found.flatMap(({ seq, what }) => what.map((one) => `${one} (entry ${seq})`));
  const fix = 'write into the model file what was agreed to, or ask for it anew';
  return [warn('model files against what was agreed', texts.join('\n'), fix)];
}

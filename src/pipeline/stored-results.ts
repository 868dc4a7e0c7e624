import type { Database } from '../store/database.js';
import type { VerdictRecord } from './as-recorded.js';
import { digestOf } from './window-entry.js';
import { resultsByRevision } from './window-reads.js';

/**
 * Of the judgements of a window, those whose stored results do not have the recorded digest, with that in words. A revision of which nothing is stored is none of them: it
 * was recorded and not stored when the process ended, or is deleted. Releases that did not record what the rows were did not keep the order either; theirs are not compared.
 */
export async function editedResults(
  database: Database,
  window: { readonly model: string; readonly version: string; readonly from: Date },
  records: readonly VerdictRecord[],
): Promise<ReadonlyMap<VerdictRecord, string>> {
  const stored = await resultsByRevision(database, { ...window, from: window.from.getTime() });
  const found = new Map<VerdictRecord, string>();
  for (const record of records) {
    const results = stored.get(record.revision);
    if (!results || record.rows === null) continue;
    const digest = digestOf(results);
    if (digest === record.digest) continue;
    found.set(
      record,
      `results of revision ${record.revision}: their digest is recorded as ${record.digest}, and what is stored has ${digest}`,
    );
  }
  return found;
}

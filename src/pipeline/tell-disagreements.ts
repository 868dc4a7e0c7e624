import { changedEntry } from './changed-rows.js';
import { goneEntries } from './gone-judgements.js';
import type { Disagreement } from './judged-before.js';
import type { Stages } from './stages.js';

type Parts = Pick<Stages, 'ledger' | 'changedWindows' | 'channels' | 'deliveries' | 'baseUrl' | 'log'>;

/** Records judgements that the store and the ledger do not agree about, each once, and tells the operators. */
export async function tellDisagreements(
  stages: Parts,
  disagreements: readonly Disagreement[],
): Promise<void> {
  for (const { added, gone, ...place } of disagreements)
    await stages.ledger.transact((now) => {
      const fresh = added.filter((one) => !stages.changedWindows.has({ ...place, ...one }));
      return [
        ...changedEntry(stages, place, 'window.results_changed', fresh, now),
        ...goneEntries(stages, place, gone, now),
      ];
    });
}

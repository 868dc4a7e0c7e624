import type { StoredWindow } from '../windows/window.repository.js';
import type { RecordedAt } from './as-recorded.js';

/** What the ledger says of a judgement, and of its window. */
type Said = Pick<RecordedAt, 'end'> & {
  readonly record: Pick<RecordedAt['record'], 'revision' | 'predictions' | 'labelled' | 'share' | 'inputs'>;
};

/** The first field in which a line of the list of judged windows is not what the ledger says of that judgement, in words; null where none is, and of other revisions. */
export function otherFacts({ end, record }: Said, stored: StoredWindow | undefined): string | null {
  if (stored?.revision !== record.revision) return null;
  const fields = [
    ['end', new Date(end).toISOString(), new Date(stored.to).toISOString()],
    ['predictions', record.predictions, stored.predictions],
    ['labels', record.labelled, stored.labelled],
    ['share of the budget', record.share, stored.share],
    ['digest of what the judgement depended on', record.inputs, stored.inputs],
  ] as const;
  const other = fields.find(([, recorded, now]) => recorded !== now);
  if (!other) return null;
  const [name, recorded, now] = other;
  return `${name}: recorded ${recorded}, in the list of judged windows ${now}`;
}

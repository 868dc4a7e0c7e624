import type { Model } from '../domain/model.js';
import type { Outcome } from '../domain/outcome.js';
import type { SegmentName } from '../domain/segment-rule.js';
import { inOneWindow, type Span } from '../profiles/merge-minutes.js';
import type { Outcomes } from '../profiles/outcomes.js';
import { MOST_ROWS_BY_REQUEST } from '../profiles/request-outcome-sql.js';

/** Whose labels say how a version did: its own, those of other versions' answers to the same requests, or nobody's; `too_many` rows to look for others. */
export type LabelsOf = 'own' | 'request' | 'none' | 'too_many';

/** What labels say of windows and of all of them together. */
export interface KnownOutcomes {
  readonly found: ReadonlyMap<number, Outcome>;
  readonly together: Outcome | undefined;
  readonly labels: LabelsOf;
}

interface Asked {
  readonly model: Model;
  readonly segment: SegmentName | null;
  /** Whether labels by `request_id` count where no label names an answer of this version: it is on trial beside one that gets them. */
  readonly byRequest?: boolean;
}

/** The outcomes of windows (epoch seconds). Two queries, and two more where a version on trial has no label of its own. */
export async function readOutcomes(
  outcomes: Outcomes,
  { model, segment, byRequest = false }: Asked,
  span: Span,
): Promise<KnownOutcomes> {
  const whole = inOneWindow(span);
  const [found, inOne] = await Promise.all([
    outcomes.windows(model, span, segment),
    outcomes.windows(model, whole, segment),
  ]);
  const together = [...inOne.values()][0];
  const own = { found, together };
  if (!together || together.labelled > 0) return { ...own, labels: 'own' };
  const counted = byRequest && segment === null ? await outcomes.rowsByRequest(model, whole) : { rows: 0, own: 0 };
  if (counted.own === 0) return { ...own, labels: 'none' };
  if (counted.rows > MOST_ROWS_BY_REQUEST) return { ...own, labels: 'too_many' };
  const { found: others, together: joined } = await outcomes.byRequest(model, span);
  if (!joined || joined.labelled === 0) return { ...own, labels: 'none' };
  // answers without a request of their own stay answers without a label
  const answered = (mine: Outcome, theirs: Outcome | undefined) => ({ ...mine, ...theirs, answered: mine.answered });
  const windows = new Map([...found].map(([start, mine]) => [start, answered(mine, others.get(start))]));
  return { found: windows, together: answered(together, joined), labels: 'request' };
} // prettier-ignore

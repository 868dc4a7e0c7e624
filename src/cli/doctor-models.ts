import type { Database } from '../store/database.js';
import type { ApiClient } from './api-client.js';
import { ASK_WITH_KEY, fail, ok, warn, type Diagnosis } from './finding.js';

/** A model whose file took something back at a start. */
export interface TakenBack {
  readonly key: string;
  readonly seq: number;
  readonly what: readonly string[];
}

/** The newest word on each model. */
const NEWEST = `(
    SELECT subject_id AS key, seq, entry
    FROM ledger
    WHERE subject_type = 'model' AND action IN ('model.registered', 'model.updated')
    ORDER BY seq DESC
    LIMIT 1 BY subject_id)`;

// Once a model is described anew nothing is taken back any more.
const UNDONE = `
  SELECT key, seq, JSONExtract(entry, 'data', 'undoes', 'Array(String)') AS what
  FROM ${NEWEST}
  WHERE notEmpty(what)
  ORDER BY key`;

/** The same from the ledger of a store that no service holds. */
export async function storedTakenBack(database: Database): Promise<readonly TakenBack[]> {
  const rows = await database.query<{ key: string; seq: string | number; what: readonly string[] }>(UNDONE);
  return rows.map(({ key, seq, what }) => ({ key, seq: Number(seq), what }));
}

interface AgreedModel {
  readonly key: string;
  readonly undoneByFile: Omit<TakenBack, 'key'> | null;
}

/** The same from a service. */
export async function servedTakenBack(api: ApiClient): Promise<readonly TakenBack[]> {
  const document = `query ($after: String) { models(first: 200, after: $after, filter: { isUndoneByFile: true }) {
    nodes { key undoneByFile { seq what } } pageInfo { hasNextPage endCursor } } }`;
  const found: TakenBack[] = [];
  for await (const { key, undoneByFile } of api.nodes<AgreedModel>('models', document))
    if (undoneByFile) found.push({ key, ...undoneByFile });
  return found;
}

/** A model of which nothing is judged, and why. */
export interface Unjudged {
  readonly key: string;
  readonly reason: string;
}

const UNJUDGED = `SELECT model AS key, reason FROM v_monitoring WHERE state = 'CANNOT_JUDGE' ORDER BY key`;

/** Models that cannot be judged, as the service said last into a store that none holds. */
export async function storedUnjudged(database: Database): Promise<readonly Unjudged[]> {
  return database.query<Unjudged>(UNJUDGED);
}

interface MonitoredModel {
  readonly key: string;
  readonly monitoring: { readonly state: string; readonly reason: string | null };
}

/** The same from a service. */
export async function servedUnjudged(api: ApiClient): Promise<readonly Unjudged[]> {
  const document = `query ($after: String) { models(first: 200, after: $after) {
    nodes { key monitoring { state reason } } pageInfo { hasNextPage endCursor } } }`;
  const found: Unjudged[] = [];
  for await (const { key, monitoring } of api.nodes<MonitoredModel>('models', document))
    if (monitoring.state === 'CANNOT_JUDGE') found.push({ key, reason: monitoring.reason ?? '' });
  return found;
}

/** Models of which nothing is judged, each with the reason. */
export function unjudgedFinding(found: readonly Unjudged[]): Diagnosis {
  if (found.length === 0) return ok('monitoring', 'no model that cannot be judged');
  const texts = found.map(({ key, reason }) => `${key}: ${reason}`);
  return warn('monitoring', `nothing is judged of ${texts.join('\n')}`, 'do what its reason asks for; tidewatch model show says how far it is');
} // prettier-ignore

/** A model whose risk was to be looked at again by a day that is over. */
export interface OverdueReview {
  readonly key: string;
  readonly reviewBy: string;
  readonly assessor: string | null;
}

const OVERDUE = `
  SELECT key, JSONExtractString(entry, 'data', 'model', 'risk', 'reviewBy') AS reviewBy,
    nullIf(JSONExtractString(entry, 'data', 'model', 'risk', 'assessor'), '') AS assessor
  FROM ${NEWEST}
  WHERE reviewBy != '' AND reviewBy < {today:String}
  ORDER BY key`;

/** Models whose review of risk is overdue, from the ledger of a store that no service holds. */
export async function storedOverdue(database: Database, now: Date): Promise<readonly OverdueReview[]> {
  return database.query<OverdueReview>(OVERDUE, { params: { today: now.toISOString().slice(0, 10) } });
}

interface AssessedModel {
  readonly key: string;
  readonly risk: { readonly reviewBy: string | null; readonly assessor: string | null };
}

/** The same from a service. */
export async function servedOverdue(api: ApiClient): Promise<readonly OverdueReview[]> {
  const document = `query ($after: String) { models(first: 200, after: $after, filter: { isReviewOverdue: true }) {
    nodes { key risk { reviewBy assessor } } pageInfo { hasNextPage endCursor } } }`;
  const found: OverdueReview[] = [];
  for await (const { key, risk } of api.nodes<AssessedModel>('models', document)) {
    const { reviewBy, assessor } = risk;
    if (reviewBy !== null) found.push({ key, reviewBy, assessor });
  }
  return found;
}

/** Reviews of risk that are overdue, one a line. */
export function overdueFinding(found: readonly OverdueReview[]): Diagnosis {
  if (found.length === 0) return ok('reviews', 'no review of risk is overdue');
  const texts = found.map(
    ({ key, reviewBy, assessor }) =>
      `${key} was to be looked at again by ${reviewBy}${assessor === null ? '' : `, by ${assessor}`}`,
  );
  return warn(
    'reviews',
    texts.join('\n'),
    'assess the risk, and write a new risk.reviewBy into the model file',
  );
}

const TAKEN_BACK = 'model files against what was agreed';

/** That a service did not say what files took back is not that they took nothing back. */
export function takenBackUnknown(error: unknown): readonly Diagnosis[] {
  const said = error instanceof Error ? error.message : String(error);
  return [fail(TAKEN_BACK, `not known: ${said}`, ASK_WITH_KEY)];
}

/** What model files took back of what others had agreed to; none where they took nothing back. */
export function takenBackFindings(found: readonly TakenBack[]): readonly Diagnosis[] {
  if (found.length === 0) return [];
  const texts = found.flatMap(({ seq, what }) => what.map((one) => `${one} (entry ${seq})`));
  const fix = 'write into the model file what was agreed to, or ask for it anew';
  return [warn(TAKEN_BACK, texts.join('\n'), fix)];
}

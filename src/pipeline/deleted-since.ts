import { isObject, textOf } from '../domain/json-object.js';
import type { Json } from '../domain/ledger-entry.js';
import type { Ledger } from '../ledger/ledger.js';
import { deletionIn } from './deletion.js';

type Log = Pick<Ledger, 'read'>;

const MOST = 1_000;

/** A window of a model. */
interface Stretch {
  readonly model: string;
  readonly from: Date;
  readonly to: Date;
}

/** Why something is not there any more, in words. */
interface Gone {
  readonly why: string;
  /** Whether all of the time is gone and not rows of some people alone. */
  readonly isAll: boolean;
  /** Whether it is known by days alone how many rows of people went, and not of which windows. */
  readonly isOfDays: boolean;
}

/** Rows that went with people who were erased, and the newest entry that says so; null while the erasure goes on. */
export interface ErasedCount {
  readonly rows: number;
  readonly seq: number | null;
}

/**
 * What was deleted since of the rows or memories of before an instant; null where nothing was. What is gone cannot be judged again,
 * and was not tampered with. Of people who were erased no more rows are missing than were erased: `missing` of the stretch are, and `taken` of a window is what is
 * recorded of it. Where that is null all is counted by days, also what is known of windows.
 */
export async function deletedOf(
  ledger: Log,
  { model, from, to }: Stretch,
  missing: number,
  taken: ErasedCount | null,
): Promise<Gone | null> {
  const query = { actions: ['data.deleted'], subjectType: 'model', subjectId: model, newestFirst: true };
  const entries = await ledger.read({ ...query, limit: MOST });
  const own = entries.find(
    ({ data, isRefused }) =>
      !isRefused && judgedFrom({ data }) !== '' && Date.parse(textOf(data['before'])) > from.getTime(),
  );
  if (own) {
    const why = `${judgedFrom(own)} of before ${textOf(own.data['before'])} were deleted, as entry ${own.seq} says`;
    return { why, isAll: true, isOfDays: false };
  }
  if (missing <= 0) return null;
  if (taken === null || missing > taken.rows) return erasedOf(ledger, { model, from, to }, missing, taken);
  const says = taken.seq === null ? 'who are being erased' : `who were erased, as entry ${taken.seq} says`;
  const why = `${goneText(missing)}; ${missing === 1 ? 'it was' : 'they were'} of people ${says}`;
  return { why, isAll: false, isOfDays: false };
}

/** The tables of a deletion that windows are judged from; '' where there are none. */
function judgedFrom(entry: Parameters<typeof deletionIn>[0]): string {
  const tables = deletionIn(entry).tables.map(({ table }) => table);
  return tables.filter((table) => JUDGED_FROM.has(table)).join(', ');
}

/** Whether so many rows of a window may have been of people who were erased: older releases wrote down how many were of its days, of which windows not. */
async function erasedOf(
  ledger: Log,
  { model, from, to }: Stretch,
  missing: number,
  taken: ErasedCount | null,
): Promise<Gone | null> {
  const entries = await ledger.read({
    actions: ['subject.erased'],
    text: JSON.stringify(model),
    newestFirst: true,
    limit: MOST,
  });
  const near = entries.flatMap(({ data, isRefused, seq }) => {
    const models = data['models'];
    const span = isRefused || !models || !isObject(models) ? undefined : models[model];
    if (!span || !isObject(span)) return [];
    const isOfWindows = span['marks'] !== undefined && taken !== null;
    const rows = isOfWindows ? 0 : erasedIn(span, from, to);
    return rows > 0 ? [{ seq, rows }] : [];
  });
  const [newest] = near;
  const erased = near.reduce((sum, { rows }) => sum + rows, 0);
  if (!newest || missing > erased + (taken?.rows ?? 0)) return null;
  const why = `${goneText(missing)}; of people who were erased ${erased} of its days ${erased === 1 ? 'is' : 'are'}, as entry ${newest.seq} says`;
  return { why, isAll: false, isOfDays: true };
}

function goneText(rows: number): string {
  return rows === 1 ? '1 row is gone since' : `${rows} rows are gone since`;
}

/** Rows that an entry says of the days (UTC) of a stretch; entries of before days were counted have one sum for all of theirs. */
function erasedIn(span: { readonly [key: string]: Json }, from: Date, to: Date): number {
  const { days } = span;
  if (days !== undefined && isObject(days))
    return Object.entries(days).reduce((sum, [day, rows]) => {
      const start = Date.parse(`${day}T00:00:00Z`);
      return start < to.getTime() && from.getTime() < start + DAY_MS ? sum + Number(rows) : sum;
    }, 0);
  const [since, until] = [Date.parse(textOf(span['from'])) - DAY_MS, Date.parse(textOf(span['to']))];
  return since <= from.getTime() && from.getTime() < until ? Number(span['rows']) : 0;
}

/** A window is a day long at most. */
const DAY_MS = 86_400_000;

const JUDGED_FROM: ReadonlySet<string> = new Set([
  'predictions', 'labels', 'series_states', 'check_results', 'profiles_1m', 'measures_1m', 'performance_1m',
]); // prettier-ignore

import { groupBy } from '../../../src/domain/group-by.js';
import type { Database } from '../../../src/store/database.js';
import { type CalmFeature, type CalmKind, NULL } from '../detection/calm/calm-kind.js';
import type { StreamKind } from './stream-kinds.js';

/** Values of a numeric feature in a window, counted from the start of the reference. */
type SeenValues = (feature: string, window: number, values: Float64Array) => void;

type Row = Readonly<Record<string, number | string | null>>;

/** Rows of one time stay as the file has them. */
const IN_ORDER = { max_threads: 1, input_format_parquet_preserve_order: 1 };
/** Days monitored after a change begins. */
const AFTER_DAYS = 30;
const DAY = 86_400_000;

/** A feature row by row, as it is after the change. */
export interface StreamColumn {
  readonly name: string;
  readonly kind: 'categorical' | 'numeric';
  readonly values: readonly (number | string | null)[];
}

/** All rows of a stream in their order: the window of each, counted from the start of the reference, and its features. */
export interface StreamTable {
  readonly windows: readonly number[];
  readonly columns: readonly StreamColumn[];
}

/** A public table cut into windows, as the streams of the null tables are; `saw` is told the values of numeric features as they are drawn. */
export async function readStream(
  database: Database,
  kind: StreamKind,
  { folder, saw }: { readonly folder: string; readonly saw: SeenValues },
): Promise<CalmKind & { readonly names: readonly string[]; readonly table: StreamTable }> {
  const rows = await database.query<Row>(kind.select(folder), { timeoutMs: 300_000, settings: IN_ORDER });
  const { referenceFrom, liveFrom, windowMs } = kind;
  const until = Math.min(atOf(rows.at(-1)), kind.changesAt + AFTER_DAYS * DAY);
  const within = rows.filter((row) => atOf(row) >= referenceFrom && atOf(row) < until);
  const windowOf = (row: Row) => Math.floor((atOf(row) - referenceFrom) / windowMs);
  const windows = groupBy(within, windowOf);
  const names = Object.keys(rows[0] ?? {}).filter((name) => name !== 'at');
  return {
    name: kind.name,
    names,
    table: {
      windows: within.map(windowOf),
      columns: names.map((name) => columnOf(kind, name, within)),
    },
    start: referenceFrom,
    windowMs,
    referenceDays: (liveFrom - referenceFrom) / DAY,
    days: Math.floor((until - liveFrom) / windowMs) * (windowMs / DAY),
    features: names.length,
    rows: ({ t }) => windows.get(t)?.length ?? 0,
    feature: (i) => featureOf(kind, { name: names[i] ?? '', rows, windows, saw }),
  };
}

function columnOf(kind: StreamKind, name: string, rows: readonly Row[]): StreamColumn {
  const values = rows.map((row) => {
    const value = row[name] ?? null;
    const isChanged = kind.change !== undefined && typeof value === 'number' && atOf(row) >= kind.changesAt;
    return isChanged ? (kind.change?.(name, value) ?? value) : value === '' ? null : value;
  });
  const isText = values.some((value) => typeof value === 'string');
  return { name, kind: isText ? 'categorical' : 'numeric', values };
}

function atOf(row: Row | undefined): number {
  return Number(row?.['at'] ?? 0);
}

interface Column {
  readonly name: string;
  readonly rows: readonly Row[];
  readonly windows: ReadonlyMap<number, readonly Row[]>;
  readonly saw: SeenValues;
}

function featureOf(kind: StreamKind, { name, rows, windows, saw }: Column): CalmFeature {
  const categorical = rows.some((row) => typeof row[name] === 'string');
  const codes = new Map<string, number>();
  const codeOf = (value: string) => {
    const code = codes.get(value) ?? codes.size;
    codes.set(value, code);
    return code;
  };
  const valueOf = (row: Row) => {
    const value = row[name];
    if (value === null || value === undefined || value === '') return NULL;
    const number = typeof value === 'number' ? value : codeOf(value);
    return kind.change && atOf(row) >= kind.changesAt ? kind.change(name, number) : number;
  };
  return {
    name,
    kind: categorical ? 'categorical' : 'numeric',
    draw: ({ t }) => {
      const values = Float64Array.from((windows.get(t) ?? []).map(valueOf));
      if (!categorical) saw(name, t, values.filter(Number.isFinite));
      return values;
    },
  };
}

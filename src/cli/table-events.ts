import { basename } from 'node:path';
import { proposedColumns, mappingText } from '../tables/propose-columns.js';
import type { ColumnRules, RowsModel } from '../tables/column-role.js';
import { openTable } from '../tables/open-table.js';
import { readRows, type TypedRows } from '../tables/read-rows.js';
import { TableError } from '../tables/table-error.js';
import type { Layout } from '../tables/table.js';
import { remark } from './answer.js';
import { RowEvents } from './row-events.js';
import type { FileRecord, Piece } from './replay-records.js';

export interface TableOptions {
  readonly layout: Layout;
  /** For rows without a column `model`. */
  readonly model: string | undefined;
  readonly timestamp: string | undefined;
  readonly columns: ColumnRules['columns'];
  /** Zone of times that do not say theirs; UTC where nobody said it. */
  readonly zone: string | undefined;
  /** What a model declares of its features; null where it cannot be asked, or does not know the model. */
  readonly declared: (model: string) => RowsModel | null;
}

const NOTHING_DECLARED: RowsModel = { features: {}, protected: [], segments: [] };

/** The events of a table after its first `skip` rows. Throws TableError when nothing in it is a prediction or a label. */
export async function* tablePieces(file: string, skip: number, options: TableOptions): AsyncGenerator<Piece> {
  const table = await openTable(file, options.layout, true);
  try {
    const { timestamp, columns, zone, declared } = options;
    const key = options.model ?? (await modelNamed(table));
    const model = (key === undefined ? null : declared(key)) ?? NOTHING_DECLARED;
    const rows = await readRows(table, {
      model,
      timestamp,
      columns,
      zone: zone ?? 'UTC',
      ...(zone === undefined ? { zoneFix: '; --timezone names another' } : {}),
    });
    usable(file, rows, model);
    const events = new RowEvents(rows, { model: options.model, file: basename(file) });
    const silent: number[] = [];
    yield* records(rows, events, { skip, silent });
    for (const line of [...rows.remarks(), ...namesText(rows), ...silentText(silent)])
      remark(`${file}: ${line}`);
  } finally {
    await table.close();
  }
}

/** The model that the first row names. */
async function modelNamed(table: Awaited<ReturnType<typeof openTable>>): Promise<string | undefined> {
  for await (const { rows } of table.batches()) {
    const place = table.columns.findIndex(({ name }) => name === 'model');
    const cell = rows[0]?.[place];
    return typeof cell === 'string' ? cell : undefined;
  }
  return undefined;
}

/** `silent` is given the rows from which no event came. */
async function* records(
  rows: TypedRows,
  events: RowEvents,
  { skip, silent }: { readonly skip: number; readonly silent: number[] },
): AsyncGenerator<Piece> {
  for await (const { rows: batch, done, broken } of rows.batches()) {
    const found = batch
      .filter(({ number }) => number > skip)
      .map((row): FileRecord => {
        // what is no object is for the service to refuse, where it is found again
        const line = broken?.get(row.number);
        return { events: line === undefined ? events.of(row) : [Buffer.from(line)], position: row.number };
      });
    silent.push(...found.flatMap(({ events: own, position }) => (own.length === 0 ? [position] : [])));
    if (found.length > 0) yield { records: found, unit: 'row', done };
  }
}

function namesText({ parts }: TypedRows): readonly string[] {
  return parts.some(({ role }) => role === 'prediction_id')
    ? []
    : [
        'there is no column prediction_id: rows are named after the file and their place in it, and labels of other files cannot join them',
      ];
}

function silentText([first, ...more]: readonly number[]): readonly string[] {
  if (first === undefined) return [];
  const rows = more.length === 0 ? `row ${first} has` : `${more.length + 1} rows have`;
  return [
    `${rows} neither a prediction nor a label: nothing was made of ${more.length === 0 ? 'it' : `them (the first is row ${first})`}`,
  ];
}

const SAYS = [
  'prediction_label',
  'prediction_score',
  'prediction_value',
  'prediction_scores',
  'scores',
  'actual_label',
];

/** A table from which nothing would come is told before anything is sent. */
function usable(file: string, rows: TypedRows, model: RowsModel): void {
  const { count, parts, columnNames, problems } = rows;
  if (count === 0) throw new TableError(`${file} has no rows, only its columns ${columnNames.join(', ')}`);
  if (problems.length > 0) throw new TableError(`${file}: ${problems.join('; ')}`);
  const has = (roles: readonly string[]) => parts.some(({ role }) => role !== null && roles.includes(role));
  const seen = `it has ${columnNames.slice(0, 30).join(', ')}`;
  if (!has(SAYS)) {
    const proposed = mappingText(proposedColumns(columnNames, model.task));
    const fix =
      proposed === ''
        ? 'say which column is what, e.g. --columns prediction_score=my_score,actual_label=my_truth'
        : `if that is what they are, add --columns ${proposed}`;
    throw new TableError(
      `${file}: none of its ${count} rows is a prediction (prediction_label, prediction_score or prediction_value) or a label (actual_label); ${seen}: ${fix}`,
    );
  }
  if (!has(['ts', 'label_ts']))
    throw new TableError(
      `${file} has no column of times (ts, timestamp, prediction_ts or event_time); ${seen}: name it with --timestamp`,
    );
}

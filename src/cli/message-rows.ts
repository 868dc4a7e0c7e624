import { openTable } from '../tables/open-table.js';
import { readRows } from '../tables/read-rows.js';
import type { Cell, Layout } from '../tables/table.js';
import type { FileRecord, Piece } from './replay-records.js';

/** Rows of a table that are messages of a foreign format, after the first `skip`, each as one JSON object of its columns. */
export async function* messageRows(file: string, layout: Layout, skip: number): AsyncGenerator<Piece> {
  const table = await openTable(file, layout);
  try {
    const rows = await readRows(table, {
      model: { features: {}, protected: [], segments: [] },
      zone: 'UTC',
      plain: true,
    });
    if (!table.typed) {
      for await (const { rows: batch, done } of rows.batches())
        yield pieceOf(
          batch.map(({ number, values }) => [
            number,
            rows.features.map((name, i) => [name, values[i]] as const),
          ]),
          { skip, done },
        );
      return;
    }
    for await (const { first, rows: batch, done } of table.batches())
      yield pieceOf(
        batch.map((cells, i) => [
          first + i,
          table.columns.map(({ name }, j) => [name, plain(cells[j])] as const),
        ]),
        { skip, done },
      );
  } finally {
    await table.close();
  }
}

type NumberedRow = readonly [number, readonly (readonly [string, unknown])[]];

function pieceOf(
  rows: readonly NumberedRow[],
  { skip, done }: { readonly skip: number; readonly done: number | null },
): Piece {
  const records = rows
    .filter(([number]) => number > skip)
    .map(([number, fields]): FileRecord => ({
      events: [Buffer.from(JSON.stringify(Object.fromEntries(fields), exact))],
      position: number,
    }));
  return { records, unit: 'row', done };
}

function plain(cell: Cell): unknown {
  return cell instanceof Date ? cell.getTime() : cell;
}

/** Whole numbers beyond a double are written as text, every digit of them. */
function exact(_name: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

import { ColumnPlaces } from './column-places.js';
import { parseExactJson } from './exact-json.js';
import { TableError } from './table-error.js';
import type { Cell, TableColumn, Layout, RowBatch, Table } from './table.js';
import { encodingOf, openText, type Encoding } from './text-chunks.js';
import { isObject } from '../domain/json-object.js';

const ROWS_AT_ONCE = 1000;

/** Objects, one a line (`ndjson`) or in one array (`json`). Columns are what is found in them. Throws TableError for what is no JSON. */
export async function openJson(file: string, layout: 'ndjson' | 'json', keepBroken: boolean): Promise<Table> {
  return new JsonTable(file, layout, { encoding: await encodingOf(file), keepBroken });
}

/** A line that is no object. */
class BrokenLine {
  constructor(readonly text: string) {}
}

class JsonTable implements Table {
  readonly typed = true;
  readonly delimiter = null;
  readonly remarks: readonly string[] = [];
  private readonly places = new ColumnPlaces();

  constructor(
    readonly file: string,
    readonly layout: Layout & ('ndjson' | 'json'),
    private readonly form: { readonly encoding: Encoding; readonly keepBroken: boolean },
  ) {}

  get columns(): readonly TableColumn[] {
    return this.places.columns;
  }

  async *batches(): AsyncGenerator<RowBatch, void> {
    const { text, done } = openText(this.file, this.form.encoding);
    let first = 1;
    for await (const values of this.layout === 'json' ? this.array(text) : this.lines(text)) {
      const broken = new Map<number, string>();
      const rows = values.map((value, i) => {
        if (!(value instanceof BrokenLine)) return this.cells(value, first + i);
        broken.set(first + i, value.text);
        return [];
      });
      yield { first, rows, done: done(), ...(broken.size > 0 ? { broken } : {}) };
      first += values.length;
    }
  }

  async close(): Promise<void> {
    // every pass opens and closes the file itself
  }

  private async *lines(text: AsyncIterable<string>): AsyncGenerator<readonly unknown[]> {
    let [open, row] = ['', 1];
    for await (const piece of text) {
      const lines = (open + piece).split('\n');
      open = lines.pop() ?? '';
      const values = lines.filter((line) => line.trim() !== '').map((line, i) => this.lineOf(line, row + i));
      row += values.length;
      if (values.length > 0) yield values;
    }
    if (open.trim() !== '') yield [this.lineOf(open, row)];
  }

  private lineOf(text: string, row: number): unknown {
    if (!this.form.keepBroken) return this.parsed(text, row);
    try {
      const value = parseExactJson(text);
      return isObject(value) ? value : new BrokenLine(text);
    } catch {
      return new BrokenLine(text);
    }
  }

  private async *array(text: AsyncIterable<string>): AsyncGenerator<readonly unknown[]> {
    let whole = '';
    for await (const piece of text) whole += piece;
    const value = this.parsed(whole, null);
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (let from = 0; from < all.length; from += ROWS_AT_ONCE) yield all.slice(from, from + ROWS_AT_ONCE);
  }

  private parsed(text: string, row: number | null): unknown {
    try {
      return parseExactJson(text);
    } catch {
      const where = row === null ? this.file : `${this.file}: row ${row}`;
      throw new TableError(
        `${where} is not JSON (it begins with ${JSON.stringify(text.trim().slice(0, 40))}): look for a line that was cut off`,
      );
    }
  }

  private cells(value: unknown, row: number): readonly Cell[] {
    if (!isObject(value)) throw new TableError(`${this.file}: row ${row} is no JSON object`);
    const cells: Cell[] = [];
    for (const [name, inner] of Object.entries(value)) this.places.put(cells, name, inner);
    return cells;
  }
}

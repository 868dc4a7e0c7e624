import { findDelimiter } from './find-delimiter.js';
import { isMissing } from './missing-value.js';
import { splitRecords, type Fields } from './split-records.js';
import { TableError } from './table-error.js';
import type { Cell, Column, RowBatch, Table } from './table.js';
import { encodingOf, openText, type Encoding } from './text-chunks.js';

const SAMPLE_CHARACTERS = 2 ** 16;
const NAMES: Readonly<Record<string, string>> = { ';': 'semicolons', '\t': 'tabs', '|': 'vertical bars' };

/**
 * A text of records with a header: CSV and its kin. The delimiter, the encoding and compression are found out. `isKnown` are names of columns
 * that speak for a delimiter. Throws TableError when there is no header.
 */
export async function openDelimited(file: string, isKnown: (name: string) => boolean): Promise<Table> {
  const encoding = await encodingOf(file);
  const sample = await firstText(file, encoding);
  if (sample.trim() === '') throw new TableError(`${file} is empty`);
  const delimiter = await findDelimiter(sample, isKnown);
  return new DelimitedTable(file, { encoding, delimiter, header: await headerOf(file, sample, delimiter) });
}

async function firstText(file: string, encoding: Encoding): Promise<string> {
  let text = '';
  for await (const piece of openText(file, encoding).text) {
    text += piece;
    if (text.length >= SAMPLE_CHARACTERS) break;
  }
  return text;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

async function headerOf(file: string, sample: string, delimiter: string): Promise<readonly string[]> {
  for await (const [header] of splitRecords(once(sample), delimiter))
    if (header) return checked(file, header.values);
  throw new TableError(`${file} has no header`);
}

function checked(file: string, names: readonly string[]): readonly string[] {
  const twice = names.find((name, i) => name !== '' && names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new TableError(`${file} has two columns "${twice}": give each column a name of its own`);
  return names;
}

interface Form {
  readonly encoding: Encoding;
  readonly delimiter: string;
  readonly header: readonly string[];
}

class DelimitedTable implements Table {
  readonly layout = 'delimited';
  readonly typed = false;
  readonly columns: readonly Column[];
  private unquoted: string | null = null;
  private short: string | null = null;

  constructor(
    readonly file: string,
    private readonly form: Form,
  ) {
    this.columns = form.header.map((name) => ({ name, path: [name] }));
  }

  get delimiter(): string {
    return this.form.delimiter;
  }

  get remarks(): readonly string[] {
    const { encoding, delimiter } = this.form;
    const delimited = NAMES[delimiter];
    return [
      ...(delimited === undefined ? [] : [`fields are divided by ${delimited}`]),
      ...(encoding === 'utf-8' ? [] : [`the text is ${encoding}`]),
      ...(this.unquoted === null ? [] : [this.unquoted]),
      ...(this.short === null ? [] : [this.short]),
    ];
  }

  async *batches(): AsyncGenerator<RowBatch, void> {
    const { text, done } = openText(this.file, this.form.encoding);
    let first = 0;
    for await (const records of splitRecords(text, this.form.delimiter)) {
      const fresh = first === 0 ? records.slice(1) : records;
      const rows = fresh.map((fields, i) => this.cells(fields, Math.max(1, first) + i));
      first = Math.max(1, first);
      yield { first, rows, done: done() };
      first += fresh.length;
    }
  }

  async close(): Promise<void> {
    // every pass opens and closes the file itself
  }

  private cells({ values, quoted }: Fields, row: number): readonly Cell[] {
    const width = this.columns.length;
    if (values.length > width && values.slice(width).some((value) => value !== ''))
      throw new TableError(
        `${this.file}: row ${row} has ${values.length} fields, the header ${width}: look for an unquoted delimiter in it, or a name that is missing in the header`,
      );
    if (values.length < width)
      this.short ??= `row ${row} has ${values.length} of ${width} fields: those that are missing count as no value`;
    return values.map((value, i) => this.cell(value, { quoted: quoted?.has(i) ?? false, row, column: i }));
  }

  private cell(
    value: string,
    { quoted, row, column }: { readonly quoted: boolean; readonly row: number; readonly column: number },
  ): Cell {
    if (value === '') return null;
    if (quoted || !isMissing(value)) return value;
    this.unquoted ??= `"${value}" without quotes is no value (first in row ${row}, column "${this.columns[column]?.name}")`;
    return null;
  }
}

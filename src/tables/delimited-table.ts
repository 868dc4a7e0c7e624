import { findDelimiter } from './find-delimiter.js';
import { isMissing } from './missing-value.js';
import { splitRecords, type Fields } from './split-records.js';
import { TableError } from './table-error.js';
import type { Cell, TableColumn, RowBatch, Table } from './table.js';
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
  // Excel writes the delimiter into a line of its own
  const [said = '', divider] = /^sep=(.)\r?\n/i.exec(sample) ?? [];
  const table = sample.slice(said.length);
  const delimiter = divider ?? (await findDelimiter(table, isKnown));
  const header = await headerOf(file, table, delimiter);
  return new DelimitedTable(file, { encoding, delimiter, header, before: said === '' ? 0 : 1 });
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
  /** Records before the header. */
  readonly before: number;
}

/** That bytes are no UTF-8 says nothing of which other code they are. */
function encodingRemark(encoding: Encoding): string {
  return encoding === 'windows-1252'
    ? 'its bytes are no UTF-8 and are read as windows-1252: where letters look wrong, save it as UTF-8'
    : `the text is ${encoding}`;
}

class DelimitedTable implements Table {
  readonly layout = 'delimited';
  readonly typed = false;
  readonly columns: readonly TableColumn[];
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
      ...(encoding === 'utf-8' ? [] : [encodingRemark(encoding)]),
      ...(this.unquoted === null ? [] : [this.unquoted]),
      ...(this.short === null ? [] : [this.short]),
    ];
  }

  async *batches(): AsyncGenerator<RowBatch, void> {
    const { text, done } = openText(this.file, this.form.encoding);
    let [first, skip] = [1, 1 + this.form.before];
    for await (const records of splitRecords(text, this.form.delimiter)) {
      const fresh = records.slice(skip);
      skip = Math.max(0, skip - records.length);
      const rows = fresh.map((fields, i) => this.cells(fields, first + i));
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

import { storedFeatureName } from '../domain/feature-name.js';
import { dayOrderOf, decimalMarkOf, noFacts, note, type ColumnFacts, type Found } from './column-facts.js';
import { kindOf, type ColumnKind } from './column-kind.js';
import { columnProblems, columnRemarks, placeOf, strayRemark, type ReadColumn } from './column-remarks.js';
import { checkColumns, partsOf, type ColumnRules, type Part, type ColumnRole } from './column-role.js';
import { spelledAs } from './label-text.js';
import { exactText, readCell, type Value } from './read-cell.js';
import { ambiguous, readInstant } from './read-instant.js';
import { scorePairs } from './score-pairs.js';
import type { Cell, RowBatch, Table } from './table.js';

/** What was said of a file's rows. */
export interface RowRules extends ColumnRules {
  /** Zone of times that do not say theirs, an IANA name. */
  readonly zone: string;
  /** How to say another one, as the end of a sentence; left out where it was said. */
  readonly zoneFix?: string | undefined;
  /** Every column is a value and nothing else: the rows are messages of another format. */
  readonly plain?: boolean;
}

/** A row as an event would carry it. */
export interface TypedRow {
  /** Of the file, from 1. */
  readonly number: number;
  /** Of a file of events, which holds labels as rows of their own, and may hold several models. */
  readonly nested: boolean;
  readonly id: string | null;
  readonly model: string | null;
  readonly version: string | null;
  readonly environment: string | null;
  readonly subject: string | null;
  readonly status: string | null;
  readonly latency: Value;
  /** Epoch milliseconds; null where there is none, or none that can be read (`time` has what stands there). */
  readonly ts: number | null;
  readonly time: Cell;
  readonly labelTs: number | null;
  /** In the order of `features`; undefined where the row does not have the feature, null where it has no value. */
  readonly values: readonly Value[];
  readonly label: Value;
  readonly score: Value;
  readonly value: Value;
  readonly scores: Readonly<Record<string, number>> | null;
  readonly actual: Value;
  readonly protected: readonly (readonly [string, string])[];
  readonly segment: readonly (readonly [string, string])[];
}

/** A file understood: what its columns are, and its rows, which can be read again and again. */
export interface TypedRows {
  readonly features: readonly string[];
  readonly parts: readonly Part[];
  /** Rows with anything in them. */
  readonly count: number;
  readonly columnNames: readonly string[];
  /** What a person should know of how the file is read: what is left out, and why. */
  remarks(): readonly string[];
  /** Why nothing can be made of the file, where that is seen from its columns. */
  readonly problems: readonly string[];
  /** `done`: how much of the file is read, 0 to 1. */
  batches(): AsyncGenerator<TypedBatch, void>;
}

export interface TypedBatch extends Pick<RowBatch, 'done' | 'broken'> {
  readonly rows: readonly TypedRow[];
}

interface Survey {
  readonly facts: readonly ColumnFacts[];
  readonly count: number;
}

/** Reads a table once to its end and says what its columns hold; what is declared leads, else all values decide. Throws TableError where a column that was named is not there. */
export async function readRows(table: Table, rules: RowRules): Promise<TypedRows> {
  const { facts, count } = await survey(table);
  checkColumns(table, rules);
  const parts = rules.plain
    ? table.columns.map(({ name }): Part => ({ role: 'feature', key: name }))
    : partsOf(table.columns, rules);
  const file = { typed: table.typed, delimiter: table.delimiter, decimal: decimalMarkOf(facts) };
  const kinds = parts.map((part, i) => kindOf(facts[i] ?? noFacts(), declaredOf(part, rules), file));
  return new SurveyedRows(table, { rules, parts, kinds, facts, count });
}

async function survey(table: Table): Promise<Survey> {
  const facts: ColumnFacts[] = [];
  let count = 0;
  for await (const { first, rows } of table.batches()) {
    while (facts.length < table.columns.length) facts.push(noFacts());
    rows.forEach((row, at) => {
      for (let i = 0; i < row.length; i += 1) note(facts[i] as ColumnFacts, row[i], first + at);
    });
    count += rows.length;
  }
  return { facts, count };
}

function declaredOf(part: Part, { model }: RowRules) {
  if (part.role === 'feature') return model.features[storedFeatureName(part.key)]?.type;
  const numeric =
    part.role === 'prediction_score' || part.role === 'prediction_value' || part.role === 'scores';
  return numeric || part.role === 'latency_ms' || part.role === 'attribution' ? 'numeric' : undefined;
}

interface Understood extends Survey {
  readonly rules: RowRules;
  readonly parts: readonly Part[];
  readonly kinds: readonly ColumnKind[];
}

class SurveyedRows implements TypedRows {
  readonly features: readonly string[];
  readonly columnNames: readonly string[];
  readonly count: number;
  readonly parts: readonly Part[];
  private readonly places: ReadonlyMap<ColumnRole, number>;
  private readonly of: Readonly<Record<'feature' | 'segment' | 'protected' | 'scores', readonly number[]>>;
  private readonly nested: boolean;
  private readonly read: readonly ReadColumn[];
  private readonly odd = new Map<string, string>();

  constructor(
    private readonly table: Table,
    private readonly known: Understood,
  ) {
    const { parts, kinds } = known;
    this.parts = parts;
    this.nested = table.columns.some(({ path }) => path.length > 1);
    this.count = known.count;
    this.columnNames = table.columns.map(({ name }) => name);
    this.places = new Map(
      parts.flatMap((part, i) => (part.key === null && part.role ? [[part.role, i]] : [])),
    );
    this.read = parts.map((part, i) => ({
      name: this.columnNames[i] ?? '',
      part,
      kind: kinds[i] ?? { kind: 'as_is' },
      facts: known.facts[i] ?? noFacts(),
    }));
    const columnsOf = (role: Part['role']) =>
      parts.flatMap((part, i) => (part.role === role && kinds[i]?.kind !== 'nested' ? [i] : []));
    this.of = {
      feature: columnsOf('feature'),
      segment: columnsOf('segment'),
      protected: columnsOf('protected'),
      scores: columnsOf('scores'),
    };
    this.features = this.of.feature.map((i) => parts[i]?.key ?? '');
  }

  remarks(): readonly string[] {
    const beside = this.parts.flatMap(({ role, key }) => (role === null && key !== null ? [key] : []));
    const left = beside.length > 0 ? [`left out: ${beside.join(', ')}`] : [];
    return [...this.table.remarks, ...columnRemarks(this.read), ...left, ...this.odd.values()];
  }

  get problems(): readonly string[] {
    return columnProblems(this.read);
  }

  async *batches(): ReturnType<TypedRows['batches']> {
    for await (const { first, rows, ...more } of this.table.batches())
      yield { rows: rows.map((cells, i) => this.row(cells, first + i)), ...more };
  }

  private row(cells: readonly Cell[], number: number): TypedRow {
    const text = (role: ColumnRole) => nameOf(this.at(cells, role));
    return {
      number,
      nested: this.nested,
      id: text('prediction_id'),
      model: text('model'),
      version: text('model_version'),
      environment: text('environment'),
      subject: text('subject'),
      status: text('status'),
      latency: this.valueOf(cells, 'latency_ms', number),
      ts: this.instant(cells, 'ts', number),
      time: this.at(cells, 'ts'),
      labelTs: this.instant(cells, 'label_ts', number),
      values: this.of.feature.map((i) => this.value(cells, i, number)),
      label: this.labelOf(cells, 'prediction_label', number),
      score: this.valueOf(cells, 'prediction_score', number),
      value: this.valueOf(cells, 'prediction_value', number),
      scores: this.scoresOf(cells, number),
      actual: this.labelOf(cells, 'actual_label', number),
      protected: this.textsOf(cells, this.of.protected),
      segment: this.textsOf(cells, this.of.segment),
    };
  }

  private at(cells: readonly Cell[], role: ColumnRole): Cell {
    const place = this.places.get(role);
    return place === undefined ? undefined : cells[place];
  }

  private value(cells: readonly Cell[], column: number, number: number): Value {
    const kind = this.known.kinds[column] as ColumnKind;
    const value = readCell(cells[column], kind);
    if (typeof value === 'string' && (kind.kind === 'number' || kind.kind === 'boolean'))
      this.stray(column, kind.kind, { text: value, row: number });
    return value;
  }

  /** The first value of a column that is not what the others are. */
  private stray(place: number, wanted: 'number' | 'boolean', found: Found): void {
    const column = this.read[place];
    if (column) this.once(`${column.name}\0${wanted}`, strayRemark(column, wanted, found));
  }

  private valueOf(cells: readonly Cell[], role: ColumnRole, number: number): Value {
    const place = this.places.get(role);
    return place === undefined ? undefined : this.value(cells, place, number);
  }

  /** A label's digits are kept where a number would lose them. */
  private labelOf(cells: readonly Cell[], role: ColumnRole, number: number): Value {
    const cell = this.at(cells, role);
    if (typeof cell === 'bigint') return String(cell);
    const isWord =
      typeof cell === 'string' && this.known.kinds[this.places.get(role) ?? -1]?.kind === 'boolean';
    const value = spelledAs(
      this.known.rules.model.positive,
      isWord ? cell : this.valueOf(cells, role, number),
    );
    const lossy = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value);
    return lossy && typeof cell === 'string' ? cell : value === '' ? null : value;
  }

  private instant(cells: readonly Cell[], role: 'ts' | 'label_ts', number: number): number | null {
    const cell = this.at(cells, role);
    const place = this.places.get(role) ?? -1;
    const order = dayOrderOf(this.known.facts[place] ?? noFacts());
    const found = readInstant(cell, this.known.rules.zone, order);
    const name = this.columnNames[place] ?? role;
    if (found && order)
      this.once(
        `${role}\0order`,
        `column "${name}": the ${order} comes first in its dates, as some of them show`,
      );
    if (found && !found.zoned)
      this.once(
        `${role}\0zone`,
        `column "${name}": times without a zone are read as ${this.known.rules.zone}${this.known.rules.zoneFix ?? ''}`,
      );
    if (!found && cell !== null && cell !== undefined)
      this.once(
        role,
        `${placeOf(name, { row: number, text: exactText(cell) ?? 'a list or struct' })} is no time${ambiguous(exactText(cell) ?? '')}`,
      );
    return found?.ms ?? null;
  }

  private once(key: string, sentence: string): void {
    if (!this.odd.has(key)) this.odd.set(key, sentence);
  }

  private textsOf(
    cells: readonly Cell[],
    columns: readonly number[],
  ): readonly (readonly [string, string])[] {
    return columns.flatMap((i) => {
      const text = nameOf(cells[i]);
      return text === null ? [] : [[this.parts[i]?.key ?? '', text] as const];
    });
  }

  private noScores(cell: Cell, row: number): readonly [] {
    const name = this.columnNames[this.places.get('prediction_scores') ?? -1] ?? '';
    const shown = placeOf(name, { row, text: exactText(cell) ?? 'a list' });
    this.once('scores', `${shown} has no scores by class: write {"class": 0.7, …}`);
    return [];
  }

  private scoresOf(cells: readonly Cell[], number: number): Readonly<Record<string, number>> | null {
    const whole = this.at(cells, 'prediction_scores');
    const found =
      whole === null || whole === undefined ? [] : (scorePairs(whole) ?? this.noScores(whole, number));
    const single = this.of.scores.map(
      (i) => [this.parts[i]?.key ?? '', this.value(cells, i, number)] as const,
    );
    const numbers = [...found, ...single].filter(
      (pair): pair is [string, number] => typeof pair[1] === 'number',
    );
    return numbers.length === 0 ? null : Object.fromEntries(numbers);
  }
}

function nameOf(cell: Cell): string | null {
  const text = exactText(cell);
  return text === '' ? null : text;
}

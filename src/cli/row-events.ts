import type { TypedRow, TypedRows } from '../tables/read-rows.js';
import { exactText, type Value } from '../tables/read-cell.js';

/** What rows without a name or a model of their own get. */
export interface RowNames {
  readonly model: string | undefined;
  /** Names rows without an id: `<file>#<row>`. */
  readonly file: string;
}

/** From here on a whole number is no integer of 64 bits, and readers of JSON refuse its digits. */
const BEYOND_INTEGERS = 2 ** 63;

/** The events of a table's rows: of each a prediction, a label, both or none. */
export class RowEvents {
  private readonly names: readonly string[];

  constructor(
    { features }: Pick<TypedRows, 'features'>,
    private readonly given: RowNames,
  ) {
    this.names = features.map((name) => JSON.stringify(name));
  }

  /** The events of one row, as JSON. */
  of(row: TypedRow): readonly Buffer[] {
    const events: Buffer[] = [];
    if (predicts(row)) events.push(this.prediction(row));
    if (row.actual !== undefined && row.actual !== null) events.push(this.label(row));
    return events;
  }

  private prediction(row: TypedRow): Buffer {
    const { version, environment, subject, status, latency, label, score, value, scores } = row;
    return objectOf([
      ['type', '"prediction"'],
      ...this.identity(row),
      ['model_version', textOf(version)],
      ['environment', textOf(environment)],
      ['ts', timeOf(row)],
      ['features', this.features(row.values)],
      ['prediction', answers(row) ? outputOf({ label, score, value, scores }) : undefined],
      ['segment', pairsOf(row.segment)],
      ['protected', pairsOf(row.protected)],
      ['subject', textOf(subject)],
      ['status', textOf(status)],
      ['latency_ms', valueText(latency ?? undefined)],
    ]);
  }

  private label(row: TypedRow): Buffer {
    const ts = row.labelTs === null ? timeOf(row) : String(row.labelTs);
    return objectOf([
      ['type', '"label"'],
      ...this.identity(row),
      ['ts', ts],
      ['label', valueText(row.actual)],
    ]);
  }

  private identity({ id, model, number }: TypedRow): readonly Field[] {
    return [
      ['prediction_id', JSON.stringify(id ?? `${this.given.file}#${number}`)],
      ['model', textOf(model ?? this.given.model ?? null)],
    ];
  }

  private features(values: readonly Value[]): string {
    const given = values.flatMap((value, i) => {
      const text = valueText(value);
      return text === undefined ? [] : [`${this.names[i]}:${text}`];
    });
    return `{${given.join(',')}}`;
  }
}

/** A name and its value as JSON; a field without a value is left out. */
type Field = readonly [string, string | undefined];

function objectOf(fields: readonly Field[]): Buffer {
  const given = fields.flatMap(([name, text]) => (text === undefined ? [] : [`"${name}":${text}`]));
  return Buffer.from(`{${given.join(',')}}`);
}

/** A call that failed is one, whether or not it has an answer. */
function predicts(row: TypedRow): boolean {
  return answers(row) || (row.status !== null && row.status !== 'ok');
}

function answers({ label, score, value, scores }: TypedRow): boolean {
  return [label, score, value, scores].some((part) => part !== undefined && part !== null);
}

/** Epoch milliseconds; what stands there where it is no time, so that the service says so of this row. */
function timeOf({ ts, time }: TypedRow): string | undefined {
  if (ts !== null) return String(ts);
  return time === null || time === undefined
    ? undefined
    : JSON.stringify(exactText(time) ?? 'a list or struct');
}

function outputOf({
  label,
  score,
  value,
  scores,
}: Pick<TypedRow, 'label' | 'score' | 'value' | 'scores'>): string {
  const fields: readonly Field[] = [
    ['label', valueText(label ?? undefined)],
    ['score', valueText(score ?? undefined)],
    ['value', valueText(value ?? undefined)],
    ['scores', scores === null ? undefined : JSON.stringify(scores)],
  ];
  return objectOf(fields).toString();
}

function pairsOf(pairs: readonly (readonly [string, string])[]): string | undefined {
  return pairs.length === 0 ? undefined : JSON.stringify(Object.fromEntries(pairs));
}

function textOf(text: string | null): string | undefined {
  return text === null ? undefined : JSON.stringify(text);
}

/** A value as JSON, large whole numbers with an exponent. */
function valueText(value: Value): string | undefined {
  if (typeof value !== 'number') return value === undefined ? undefined : JSON.stringify(value);
  return Math.abs(value) >= BEYOND_INTEGERS ? value.toExponential() : String(value);
}

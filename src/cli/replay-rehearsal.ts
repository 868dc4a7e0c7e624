import { FailedCallEvent, LabelEvent, PredictionEvent, type RejectCode } from '../domain/event.js';
import { detectFormat } from '../ingest/formats/detect-format.js';
import { foreignMessage } from '../ingest/formats/message.js';
import type { DeclaredModel, DeclaredModels } from './declared-models.js';
import type { WireFormat } from './replay-formats.js';
import type { Portion } from './replay-source.js';

/** Events that would be refused for one reason, and what is wrong with the first of them. */
interface Refused {
  readonly count: number;
  readonly first: string;
}

/** What is in a file, found out without sending it. */
export interface Rehearsal {
  readonly file: string;
  readonly events: number;
  /** Events by the format they would be read as. */
  readonly formats: Readonly<Record<string, number>>;
  readonly notJson: number;
  /** Rows of which no event would be made. */
  readonly rowsWithoutEvent: number;
  /** By the code the service would give. Messages of other formats are only looked at for being JSON. */
  readonly refused: Readonly<Record<string, Refused>>;
}

export interface RehearsalRules {
  /** What was said of the messages; null or `auto` looks at each. */
  readonly wire: WireFormat | null;
  /** Models the service knows; undefined when none answers. */
  readonly models: DeclaredModels | undefined;
  /** When the events would count as received, epoch ms. */
  readonly received: number;
}

/** Reads a file to its end, counts, and says what would be refused. */
export async function rehearseFile(
  file: string,
  rules: RehearsalRules,
  portions: AsyncIterable<Portion>,
): Promise<Rehearsal> {
  const formats = new Map<string, number>();
  const refused: Record<string, Refused> = {};
  let total = 0;
  let silent = 0;
  for await (const { events, silent: without } of portions) {
    silent += without;
    for (const event of events) {
      total += 1;
      const json = parsed(event);
      const format = json === undefined ? null : formatOf(event, json, rules.wire);
      if (format !== null) formats.set(format, (formats.get(format) ?? 0) + 1);
      const refusal = json === undefined ? NOT_JSON : format === 'native' ? refusalOf(json, rules) : null;
      if (refusal) note(refused, refusal, total);
    }
  }
  const notJson = refused['not_json']?.count ?? 0;
  return {
    file,
    events: total,
    formats: Object.fromEntries(formats),
    notJson,
    rowsWithoutEvent: silent,
    refused,
  };
}

/** What a rehearsal found, for people. */
export function rehearsalLines({
  file,
  events,
  formats,
  rowsWithoutEvent: silent,
  refused,
}: Rehearsal): readonly string[] {
  const kinds = Object.entries(formats).map(([name, count]) => `${count} ${name}`);
  const refusals = Object.entries(refused).map(
    ([code, { count, first }]) => `  would be refused: ${count} × ${code}, the first: ${first}`,
  );
  const without = silent === 0 ? [] : [`  would give no event: ${silent} ${silent === 1 ? 'row' : 'rows'}`];
  return [`${file}: ${[`${events} events`, ...kinds].join(', ')}`, ...refusals, ...without];
}

interface Refusal {
  readonly code: RejectCode;
  readonly message: string;
}

const NOT_JSON: Refusal = { code: 'not_json', message: 'it is not one complete JSON value' };

function note(refused: Record<string, Refused>, { code, message }: Refusal, place: number): void {
  const before = refused[code];
  refused[code] = { count: (before?.count ?? 0) + 1, first: before?.first ?? `event ${place}: ${message}` };
}

function parsed(event: Buffer): unknown {
  try {
    return JSON.parse(event.toString('utf8'));
  } catch {
    return undefined;
  }
}

function formatOf(value: Buffer, json: unknown, wire: WireFormat | null): string {
  const nowhere = { kind: null, topic: '', partition: 0, offset: 0n, receivedAt: 0, value };
  return wire === null || wire === 'auto' ? detectFormat(foreignMessage(nowhere), json) : wire;
}

/** Why the service would refuse one of Tidewatch's own events; null when it would not. */
function refusalOf(json: unknown, { models, received }: RehearsalRules): Refusal | null {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return { code: 'not_object', message: 'it is no JSON object' };
  const { type } = json as { readonly type?: unknown };
  if (type !== 'prediction' && type !== 'label')
    return { code: 'missing_field', message: 'type is neither "prediction" nor "label"' };
  const failed = FailedCallEvent.safeParse(json);
  const read =
    type === 'prediction' && failed.success
      ? failed
      : (type === 'label' ? LabelEvent : PredictionEvent).safeParse(json);
  if (!read.success) return shapeRefusal(read.error.issues[0], json);
  const { model, ts } = read.data;
  if (!models) return null;
  const known = models.get(model);
  if (!known) return { code: 'unknown_model', message: `there is no model "${model}"` };
  return (
    answerRefusal(read.data, known) ??
    timeRefusal(typeof ts === 'number' ? ts : Date.parse(ts), known.accepts, received)
  );
}

/** A score that is no probability, or a class that the model file does not name. */
function answerRefusal(
  event: Readonly<Record<string, unknown>>,
  { task, classes }: DeclaredModel,
): Refusal | null {
  if (task === 'regression') return null;
  const answer = PredictionEvent.shape.prediction.safeParse(event['prediction']);
  const { score, scores = {} } = answer.data ?? {};
  const label = answer.success ? answer.data.label : event['label'];
  const odd = [...(score === undefined ? [] : [score]), ...Object.values(scores)].find((p) => p < 0 || p > 1);
  if (odd !== undefined)
    return { code: 'not_a_probability', message: `score ${odd} is no probability: divide percents by 100` };
  if (classes === null || label === undefined || label === null) return null;
  const name = typeof label === 'string' ? label : JSON.stringify(label);
  if (classes.includes(name)) return null;
  return { code: 'unknown_class', message: `"${name}" is none of ${classes.join(', ')}` };
}

function shapeRefusal(
  issue: { readonly path: readonly PropertyKey[]; readonly message: string } | undefined,
  json: object,
): Refusal {
  const [field] = issue?.path ?? [];
  const name = (issue?.path ?? []).map(String).join('.');
  const found = field === undefined ? undefined : (Reflect.get(json, field) as unknown);
  if (found === undefined) return { code: 'missing_field', message: `${name} is missing` };
  if (field === 'ts') return { code: 'bad_timestamp', message: `ts ${JSON.stringify(found)} is no time` };
  return { code: 'wrong_type', message: `${name}: ${issue?.message ?? 'it is of another type'}` };
}

function timeRefusal(
  ts: number,
  { past, future }: { readonly past: number; readonly future: number },
  received: number,
): Refusal | null {
  if (ts >= received - past && ts <= received + future) return null;
  const at = new Date(ts).toISOString();
  return { code: 'timestamp_out_of_range', message: `${at} is too far from ${new Date(received).toISOString()}; --as-of says when it was received` }; // prettier-ignore
}

import { manyText } from '../domain/wording.js';
import { detectFormat } from '../ingest/formats/detect-format.js';
import { foreseenRefusal, type Foreseen } from '../ingest/landing/foreseen-refusal.js';
import { foreignMessage } from '../ingest/formats/message.js';
import { jsonIn } from '../ingest/formats/parse-json.js';
import type { DeclaredModels } from './declared-models.js';
import type { ReplayDoubts } from './replay-doubts.js';
import type { WireFormat } from './replay-formats.js';
import type { Portion } from './replay-source.js';
import { seenEvent, type SeenEvent } from './seen-event.js';

/** Events that would be refused for one reason, and what is wrong with the first of them. */
interface Refused {
  readonly count: number;
  readonly first: string;
}

/** What is in a file, found out without sending it. */
export interface ReplayRehearsal {
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
  /** What is taken and doubtful is counted there, over all files. */
  readonly doubts: ReplayDoubts;
  /** When the file was written, epoch ms. */
  readonly written: number;
  /** How far the stream that an event is of has come at the service, epoch ms; -Infinity where it has not begun, or none answers. */
  readonly newestOf: (event: SeenEvent) => Promise<number>;
}

/** Reads a file to its end, counts, and says what would be refused. */
export async function rehearseFile(
  file: string,
  rules: RehearsalRules,
  portions: AsyncIterable<Portion>,
): Promise<ReplayRehearsal> {
  const formats = new Map<string, number>();
  const refused: Record<string, Refused> = {};
  let total = 0;
  let silent = 0;
  const { models, received, doubts, written } = rules;
  const known = { ruleOf: (key: string) => models?.get(key) ?? null, known: models !== undefined, received };
  for await (const { events, places, silent: without } of portions) {
    silent += without;
    for (const [i, event] of events.entries()) {
      total += 1;
      const place = places[i] ?? '';
      const json = jsonIn(event);
      const format = json === undefined ? null : formatOf(event, json, rules.wire);
      if (format !== null) formats.set(format, (formats.get(format) ?? 0) + 1);
      const isOurs = format === null || format === 'native';
      const refusal = isOurs ? foreseenRefusal(event, json, known) : null;
      if (refusal) note(refused, refusal, place);
      const seen = isOurs && mayBeSeen(refusal) ? seenEvent(json, `${file}, ${place}`) : null;
      if (!seen) continue;
      if (doubts.isNewStream(seen)) doubts.goesOnFrom(seen, await rules.newestOf(seen));
      doubts.see(seen, written, refusal !== null);
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
}: ReplayRehearsal): readonly string[] {
  const kinds = Object.entries(formats).map(([name, count]) => `${count} ${name}`);
  const refusals = Object.entries(refused).map(
    ([code, { count, first }]) => `  would be refused: ${count} × ${code}, the first: ${first}`,
  );
  const without = silent === 0 ? [] : [`  would give no event: ${silent} ${silent === 1 ? 'row' : 'rows'}`];
  return [`${file}: ${[manyText(events, 'event'), ...kinds].join(', ')}`, ...refusals, ...without];
}

/** What is refused for its time alone may be of a zone, and other events may speak of it. */
function mayBeSeen(refusal: Foreseen | null): boolean {
  return refusal === null || refusal.code === 'timestamp_out_of_range';
}

/** What only a replay can do about it. */
const FIXES: Readonly<Record<string, string>> = {
  timestamp_out_of_range: '; --as-of says when the events count as received',
};

function note(refused: Record<string, Refused>, { code, message }: Foreseen, place: string): void {
  const before = refused[code];
  const first = before?.first ?? `${place}: ${message}${FIXES[code] ?? ''}`;
  refused[code] = { count: (before?.count ?? 0) + 1, first };
}

function formatOf(value: Buffer, json: unknown, wire: WireFormat | null): string {
  const nowhere = { kind: null, topic: '', partition: 0, offset: 0n, receivedAt: 0, value };
  return wire === null || wire === 'auto' ? detectFormat(foreignMessage(nowhere), json) : wire;
}

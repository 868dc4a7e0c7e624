import { detectFormat } from '../ingest/formats/detect-format.js';
import { foreignMessage } from '../ingest/formats/message.js';
import type { WireFormat } from './replay-formats.js';
import type { Portion } from './replay-source.js';

/** What is in a file, found out without sending it. */
export interface Rehearsal {
  readonly file: string;
  readonly events: number;
  /** Events by the format they would be read as. */
  readonly formats: Readonly<Record<string, number>>;
  readonly notJson: number;
}

/** Reads a file to its end and counts. `wire` is what was said of its messages; null or `auto` looks at each. */
export async function rehearseFile(
  file: string,
  wire: WireFormat | null,
  portions: AsyncIterable<Portion>,
): Promise<Rehearsal> {
  const formats = new Map<string, number>();
  let [total, notJson] = [0, 0];
  for await (const { events } of portions) {
    total += events.length;
    for (const event of events) {
      const format = formatOf(event, wire);
      if (format === null) notJson += 1;
      else formats.set(format, (formats.get(format) ?? 0) + 1);
    }
  }
  return { file, events: total, formats: Object.fromEntries(formats), notJson };
}

function formatOf(value: Buffer, wire: WireFormat | null): string | null {
  try {
    const json = JSON.parse(value.toString('utf8')) as unknown;
    const nowhere = { kind: null, topic: '', partition: 0, offset: 0n, receivedAt: 0, value };
    return wire === null || wire === 'auto' ? detectFormat(foreignMessage(nowhere), json) : wire;
  } catch {
    return null;
  }
}

import type { Hash } from 'node:crypto';
import { HttpRefusal } from './http-refusal.js';
import { splitJson, withoutBom } from './split-json.js';

/** What the first byte of a JSON array is. */
export const OPEN_ARRAY = 0x5b;
const BLANK = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Passes bytes on and adds them to `hash` on the way. */
export async function* hashed(bytes: AsyncIterable<Buffer>, hash: Hash | null): AsyncGenerator<Buffer, void> {
  for await (const chunk of bytes) {
    hash?.update(chunk);
    yield chunk;
  }
}

/** All bytes of a body. Throws HttpRefusal 413 beyond `limit`. */
export async function collected(bytes: AsyncIterable<Buffer>, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > limit)
      throw new HttpRefusal(
        `a JSON array may have ${limit} bytes: send it in parts, or one event a line`,
        413,
        'too_large',
      );
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The first byte of a text that is not blank (null for none), and the whole text, without the mark before UTF-8. */
export async function peeked(
  bytes: AsyncGenerator<Buffer, void>,
): Promise<{ readonly start: number | null; readonly rest: AsyncIterable<Buffer> }> {
  let head: Buffer = Buffer.alloc(0);
  let start: number | null = null;
  while (start === null) {
    const { value, done } = await bytes.next();
    if (done) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
    start = withoutBom(head).find((byte) => !BLANK.has(byte)) ?? null;
    // a long run of blanks is not looked through for ever
    if (start === null && head.length > 65_536) break;
  }
  return { start, rest: resumed(withoutBom(head), bytes) };
}

async function* resumed(head: Buffer, bytes: AsyncGenerator<Buffer, void>): AsyncGenerator<Buffer, void> {
  if (head.length > 0) yield head;
  yield* bytes;
}

/** The events of a whole body; null when it is none. Throws HttpRefusal 413 beyond `most` of them. */
export function splitBody(body: Buffer, most: number): Buffer[] | null {
  try {
    return splitJson(body, most);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new HttpRefusal(
      `a request may hold ${most} events: send them in parts, or raise TIDEWATCH_REQUEST_EVENTS`,
      413,
      'too_many_events',
      null,
      { cause: error },
    );
  }
}

export interface PortionLimits {
  readonly writeBytes: number;
  readonly writeEvents: number;
}

/** Groups of events, of any size, as portions that go into one write each. */
export async function* portions(
  groups: AsyncIterable<readonly Buffer[]> | Iterable<readonly Buffer[]>,
  { writeBytes, writeEvents }: PortionLimits,
): AsyncGenerator<Buffer[], void> {
  let open: Buffer[] = [];
  let size = 0;
  for await (const events of groups)
    for (const event of events) {
      open.push(event);
      size += event.length;
      if (size < writeBytes && open.length < writeEvents) continue;
      yield open;
      open = [];
      size = 0;
    }
  if (open.length > 0) yield open;
}

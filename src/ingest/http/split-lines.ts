import { MAX_EVENT_BYTES } from '../landing/landing-columns.js';

const NEWLINE = 0x0a;
const BLANK = new Set([0x20, 0x09, 0x0d]);

/**
 * Lines of NDJSON as byte slices, blank ones left out unless they are counted, at most one batch of lines at a time. A line longer than an event may
 * be is cut just beyond the limit while it arrives, so that memory stays bounded whatever a client sends.
 */
export async function* splitLines(
  body: AsyncIterable<Buffer>,
  withBlank = false,
): AsyncGenerator<Buffer[], void> {
  let open: Buffer[] = [];
  let openBytes = 0;
  const keep = (piece: Buffer): void => {
    const room = MAX_EVENT_BYTES + 1 - openBytes;
    if (room > 0 && piece.length > 0) open.push(piece.subarray(0, room));
    openBytes += piece.length;
  };
  for await (const chunk of body) {
    const lines: Buffer[] = [];
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to !== -1; to = chunk.indexOf(NEWLINE, from)) {
      if (openBytes === 0) push(lines, chunk.subarray(from, to), withBlank);
      else {
        keep(chunk.subarray(from, to));
        push(lines, Buffer.concat(open), withBlank);
        open = [];
        openBytes = 0;
      }
      from = to + 1;
    }
    keep(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  const rest: Buffer[] = [];
  push(rest, Buffer.concat(open), false);
  if (rest.length > 0) yield rest;
}

function push(lines: Buffer[], line: Buffer, withBlank: boolean): void {
  if (withBlank) {
    lines.push(line);
    return;
  }
  // a well-formed line starts with a bracket: only odd ones are looked through; one that was cut may have had more than blanks behind
  const isAny = line[0] === 0x7b || line.length > MAX_EVENT_BYTES || line.some((byte) => !BLANK.has(byte));
  if (line.length > 0 && isAny) lines.push(line);
}

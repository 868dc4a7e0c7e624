const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const NEWLINE = 0x0a;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);
const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;

/** What some writers put before UTF-8; it is no part of the text. */
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** Bytes without the mark that some writers put before UTF-8. */
export function withoutBom(bytes: Buffer): Buffer {
  return bytes.subarray(0, BOM.length).equals(BOM) ? bytes.subarray(BOM.length) : bytes;
}

/**
 * The events of one JSON body as byte slices: the elements of an array, the lines where the first of them is a whole object and
 * others follow (log shippers send those as application/json), or the body itself. Only brackets and quotes are looked at, so that
 * an element that is not JSON is refused alone. Null when the body is empty or an array without its end. Throws RangeError beyond
 * `most` events.
 */
export function splitJson(body: Buffer, most = Number.POSITIVE_INFINITY): Buffer[] | null {
  const bytes = withoutBom(body);
  const whole = trim(bytes, 0, bytes.length);
  if (whole.length === 0) return null;
  if (whole[0] === 0x5b) return elements(whole, most);
  const end = whole.indexOf(NEWLINE);
  return end !== -1 && isWholeObject(whole.subarray(0, end)) ? lines(whole, most) : [whole];
}

/** True when brackets that were opened are closed at the end and not before. */
function isWholeObject(line: Buffer): boolean {
  let depth = 0;
  const text = trim(line, 0, line.length);
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? 0;
    if (byte === QUOTE) at = endOfText(text, at);
    else if (OPEN.has(byte)) depth += 1;
    else if (CLOSE.has(byte) && (depth -= 1) === 0) return at === text.length - 1;
  }
  return false;
}

function lines(body: Buffer, most: number): Buffer[] {
  const found: Buffer[] = [];
  for (let from = 0; from < body.length;) {
    const next = body.indexOf(NEWLINE, from);
    const end = next === -1 ? body.length : next;
    const line = trim(body, from, end);
    if (line.length > 0) found.push(line);
    if (found.length > most) throw new RangeError('too many events');
    from = end + 1;
  }
  return found;
}

function elements(array: Buffer, most: number): Buffer[] | null {
  const found: Buffer[] = [];
  let depth = 0;
  let from = 1;
  for (let at = 0; at < array.length; at += 1) {
    const byte = array[at] ?? 0;
    if (byte === QUOTE) at = endOfText(array, at);
    else if (OPEN.has(byte)) depth += 1;
    else if (byte === COMMA && depth === 1) {
      found.push(trim(array, from, at));
      if (found.length >= most) throw new RangeError('too many events');
      from = at + 1;
    } else if (CLOSE.has(byte) && (depth -= 1) === 0) {
      if (at !== array.length - 1) return null;
      const last = trim(array, from, at);
      return last.length === 0 && found.length === 0 ? [] : [...found, last];
    }
  }
  return null;
}

function endOfText(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(QUOTE, from + 1);
  while (at !== -1) {
    let slashes = 0;
    while (bytes[at - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return at;
    at = bytes.indexOf(QUOTE, at + 1);
  }
  return bytes.length;
}

function trim(bytes: Buffer, from: number, to: number): Buffer {
  let first = from;
  let last = to;
  while (first < last && isSpace(bytes[first])) first += 1;
  while (last > first && isSpace(bytes[last - 1])) last -= 1;
  return bytes.subarray(first, last);
}

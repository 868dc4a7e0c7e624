const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);
const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;

/**
 * The events of one JSON body as byte slices: the elements of an array, or the body itself. Only brackets and quotes are
 * looked at, so that an element that is not JSON is refused alone. Null when the body is empty or an array without its end.
 */
export function splitJson(body: Buffer): Buffer[] | null {
  const whole = trim(body, 0, body.length);
  if (whole.length === 0) return null;
  return whole[0] === 0x5b ? elements(whole) : [whole];
}

function elements(array: Buffer): Buffer[] | null {
  const found: Buffer[] = [];
  let depth = 0;
  let from = 1;
  for (let at = 0; at < array.length; at += 1) {
    const byte = array[at] ?? 0;
    if (byte === QUOTE) at = endOfText(array, at);
    else if (OPEN.has(byte)) depth += 1;
    else if (byte === COMMA && depth === 1) {
      found.push(trim(array, from, at));
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

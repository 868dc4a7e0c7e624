import { createReadStream, openSync, readSync, closeSync, statSync } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { TableError } from './table-error.js';

export interface OpenedBytes {
  readonly bytes: AsyncIterable<Buffer>;
  /** Part of the file read so far, 0 to 1. */
  readonly done: () => number;
}

/** The bytes of a file, unzipped where they are gzip, whatever the file is called. Throws TableError when they are not whole. */
export function openBytes(file: string): OpenedBytes {
  const { size } = statSync(file);
  const source = createReadStream(file, { highWaterMark: 2 ** 18 });
  const bytes = isGzip(file) ? unzipped(file, source) : (source as AsyncIterable<Buffer>);
  return { bytes, done: () => (size === 0 ? 1 : source.bytesRead / size) };
}

async function* unzipped(
  file: string,
  source: ReturnType<typeof createReadStream>,
): AsyncGenerator<Buffer, void> {
  const unzip = createGunzip();
  source.once('error', (error) => unzip.destroy(error));
  try {
    yield* source.pipe(unzip) as AsyncIterable<Buffer>;
  } catch (error) {
    throw new TableError(`${file} is not whole: its gzip ends too early or is damaged; copy it again`, {
      cause: error,
    });
  } finally {
    source.destroy();
    unzip.destroy();
  }
}

/** The first bytes of a file as they lie on the disk. */
export function firstBytes(file: string, count: number): Buffer {
  const handle = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(count);
    return bytes.subarray(0, readSync(handle, bytes, 0, count, 0));
  } finally {
    closeSync(handle);
  }
}

export function isGzip(file: string): boolean {
  const [first, second] = firstBytes(file, 2);
  return first === 0x1f && second === 0x8b;
}

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** How the text of a file is written: by its byte order mark or its zero bytes, else UTF-8, else the western code page. Reads it once. */
export async function encodingOf(file: string): Promise<Encoding> {
  const strict = new TextDecoder('utf-8', { fatal: true });
  let beginning = true;
  for await (const chunk of openBytes(file).bytes) {
    const wide = beginning ? wideEncoding(chunk) : null;
    if (wide) return wide;
    beginning = false;
    try {
      strict.decode(chunk, { stream: true });
    } catch {
      return 'windows-1252';
    }
  }
  return 'utf-8';
}

/** UTF-16 by its mark, or by text whose every other byte is zero. */
function wideEncoding(start: Buffer): Encoding | null {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  const pairs = Math.min(64, start.length >> 1);
  const zeros = (odd: 0 | 1) =>
    Array.from({ length: pairs }, (_, i) => start[2 * i + odd]).filter((byte) => byte === 0).length;
  if (pairs < 4) return null;
  if (zeros(1) > pairs * 0.8 && zeros(0) === 0) return 'utf-16le';
  return zeros(0) > pairs * 0.8 && zeros(1) === 0 ? 'utf-16be' : null;
}

/** Whether the beginning of a file is of bytes that no text has. */
export function isNoText(start: Buffer): boolean {
  if (wideEncoding(start) !== null) return false;
  return start.subarray(0, 1024).some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20 && byte !== 0x1b));
}

export interface OpenedText {
  readonly text: AsyncIterable<string>;
  readonly done: () => number;
}

/** The text of a file in pieces, without a byte order mark. */
export function openText(file: string, encoding: Encoding): OpenedText {
  const { bytes, done } = openBytes(file);
  return { text: decoded(bytes, encoding), done };
}

async function* decoded(bytes: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<string, void> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of bytes) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

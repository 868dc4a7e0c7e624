import { createReadStream } from 'node:fs';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { exportLedger, type ExportRange, type ExportSource } from './export.js';
import { type ExportVerification, type Trust, verifyExport } from './verify-export.js';

/** Writes an export to a stream (a file, standard output) and ends it. */
export async function writeExport(source: ExportSource, range: ExportRange, out: Writable): Promise<void> {
  await pipeline(Readable.from(exportLedger(source, range)), out);
}

/** Checks an export file, without database and network. Throws only when the file cannot be read. */
export async function verifyExportFile(path: string, trust: Trust = {}): Promise<ExportVerification> {
  const stream = createReadStream(path);
  // Opened before it is read, so that a missing file is an error of its own and not an empty export.
  await new Promise<void>(
    (resolve, reject) => void stream.once('open', () => resolve()).once('error', reject),
  );
  return verifyExport(linesOf(stream.setEncoding('utf8')), trust);
}

/** Lines by line feed only: node:readline also breaks at U+2028, which JSON text may hold. */
async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

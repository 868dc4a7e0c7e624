import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CodedError } from '../domain/coded-error.js';

const BLOCK = 512;
const MAGIC = 257;

/** A file that ends before its archive does, or names what no evidence pack has. */
export class BadArchive extends CodedError {
  override readonly name = 'BadArchive';
  readonly code = 'bad_archive';
}

/** Whether a file begins as a tar archive (POSIX ustar) does. Throws what reading it throws. */
export async function isTar(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const header = await blockAt(file, 0);
    return header !== null && textIn(header, MAGIC, 5) === 'ustar';
  } finally {
    await file.close();
  }
}

/** Writes the files of an archive that `tarOf` made below a folder. Throws BadArchive for one that is cut off, or that names anything outside the folder. */
export async function untar(path: string, folder: string): Promise<void> {
  const file = await open(path);
  try {
    for (let at = 0; ;) {
      const header = await blockAt(file, at);
      if (header === null) throw new BadArchive(`${path} is cut off`);
      if (header.every((byte) => byte === 0)) return;
      at += BLOCK;
      const bytes = parseInt(textIn(header, 124, 12), 8);
      const target = join(folder, nameOf(header));
      await mkdir(dirname(target), { recursive: true });
      await pipeline(partOf(path, at, bytes), createWriteStream(target));
      at += BLOCK * Math.ceil(bytes / BLOCK);
    }
  } finally {
    await file.close();
  }
}

function partOf(path: string, start: number, bytes: number) {
  return bytes === 0 ? [] : createReadStream(path, { start, end: start + bytes - 1 });
}

function nameOf(header: Buffer): string {
  const name = textIn(header, 0, 100);
  const isBelow = name !== '' && !name.startsWith('/') && name.split('/').every((part) => part !== '..');
  if (textIn(header, MAGIC, 5) === 'ustar' && isBelow && !name.includes('\\')) return name;
  throw new BadArchive(`the archive names ${JSON.stringify(name)}, which no evidence pack has`);
}

async function blockAt(file: FileHandle, at: number): Promise<Buffer | null> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(BLOCK), 0, BLOCK, at);
  return bytesRead < BLOCK ? null : buffer;
}

function textIn(header: Buffer, from: number, length: number): string {
  return header.toString('latin1', from, from + length).split('\0')[0] ?? '';
}

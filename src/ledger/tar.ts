import { createReadStream } from 'node:fs';

/** A file to be packed: its name in the archive, where it lies, and how long it is. */
export interface TarFile {
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
}

const BLOCK = 512;

/** A tar archive (POSIX ustar) of files that are there, as chunks. Names have at most 100 characters of ASCII. */
export async function* tarOf(files: readonly TarFile[], at: Date): AsyncGenerator<Buffer> {
  for (const file of files) {
    yield headerOf(file, at);
    for await (const chunk of createReadStream(file.path) as AsyncIterable<Buffer>) yield chunk;
    yield Buffer.alloc((BLOCK - (file.bytes % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(2 * BLOCK);
}

function headerOf({ name, bytes }: TarFile, at: Date): Buffer {
  if (!/^[\x20-\x7e]{1,100}$/u.test(name))
    throw new RangeError(`"${name}" cannot be the name of a packed file`);
  const header = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  header.write(name, 0);
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(bytes, 11), 124);
  header.write(octal(Math.floor(at.getTime() / 1000), 11), 136);
  header.write('        0', 148); // the sum is taken over blanks in its own place; 0 is a file
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

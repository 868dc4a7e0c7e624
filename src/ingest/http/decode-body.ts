import { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { HttpRefusal } from './http-refusal.js';

const DECODERS = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
} as const;
const isKnown = (encoding: string): encoding is keyof typeof DECODERS => Object.hasOwn(DECODERS, encoding);

/**
 * The bytes of a body after its Content-Encoding, in the pace of the reader. Throws HttpRefusal 415 for an encoding it does
 * not know, 400 for broken compression, 413 beyond `limit` decoded bytes.
 */
export async function* decodeBody(
  body: AsyncIterable<Buffer>,
  encoding: string | null,
  limit: number,
): AsyncGenerator<Buffer, void> {
  let bytes = 0;
  for await (const chunk of decoded(body, (encoding ?? 'identity').trim().toLowerCase())) {
    bytes += chunk.length;
    if (bytes > limit)
      throw new HttpRefusal(
        `the body has more than ${limit} bytes after decoding: send it in parts`,
        413,
        'too_large',
      );
    yield chunk;
  }
}

async function* decoded(body: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer, void> {
  if (encoding === 'identity' || encoding === '') return yield* body;
  if (!isKnown(encoding))
    throw new HttpRefusal(
      `Content-Encoding ${encoding} is not known: send gzip or none`,
      415,
      'unknown_encoding',
    );
  const source = Readable.from(body);
  const decoder = DECODERS[encoding]();
  source.on('error', (error) => decoder.destroy(error));
  try {
    yield* source.pipe(decoder) as AsyncIterable<Buffer>;
  } catch (error) {
    if (error instanceof Error && 'code' in error && String(error.code).startsWith('Z_'))
      throw new HttpRefusal(`the body is not valid ${encoding}`, 400, 'bad_encoding', null, { cause: error });
    throw error;
  } finally {
    source.destroy();
    decoder.destroy();
  }
}

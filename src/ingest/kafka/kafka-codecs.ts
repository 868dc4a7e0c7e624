import { CodedError } from '../../domain/coded-error.js';
import zlib from 'node:zlib';
// kafkajs is CommonJS: most of its names can be reached through the default import alone.
import kafkajs, { type CompressionTypes } from 'kafkajs';

export const CODECS = ['gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Codec = (typeof CODECS)[number];
export type Decompress = (data: Buffer) => Buffer;

const TYPES: Readonly<Record<Codec, Exclude<CompressionTypes, CompressionTypes.None>>> = {
  gzip: kafkajs.CompressionTypes.GZIP,
  snappy: kafkajs.CompressionTypes.Snappy,
  lz4: kafkajs.CompressionTypes.LZ4,
  zstd: kafkajs.CompressionTypes.ZSTD,
};

/** A compression that producers may use and that this process cannot read. */
export class CodecError extends CodedError {
  override readonly name = 'CodecError';
  readonly code = 'KAFKA_CODEC_MISSING';
}

/**
 * Teaches kafkajs, for the whole process, to read every compression of Kafka. Throws CodecError at start-up, naming the
 * codec: met later, one such batch would stop its partition.
 */
export async function installCodecs(needed: readonly Codec[] = CODECS): Promise<void> {
  for (const codec of needed) {
    const decompress = await loadCodec(codec);
    kafkajs.CompressionCodecs[TYPES[codec]] = () => ({
      compress: () =>
        Promise.reject(new CodecError(`Tidewatch reads ${codec} from Kafka and does not write it`)),
      decompress: (data: Buffer) => Promise.resolve(decompress(data)),
    });
  }
}

/** Reads one compression; throws CodecError when its library does not load here. */
export async function loadCodec(codec: Codec): Promise<Decompress> {
  try {
    switch (codec) {
      case 'gzip':
        // One large output chunk: kafkajs's own codec costs two to four times as much on batches of some 100 kB.
        return (data) => zlib.gunzipSync(data, { chunkSize: 1 << 17 });
      case 'snappy': {
        const { uncompress } = await import('snappyjs');
        return (data) => snappyFrames(data, uncompress);
      }
      case 'lz4': {
        const { decompressFrameSync } = await import('lz4-napi');
        return decompressFrameSync;
      }
      case 'zstd':
        return await loadZstd();
    }
  } catch (cause) {
    throw new CodecError(
      `Kafka batches compressed with ${codec} cannot be read on this platform (${process.platform} ${process.arch}): ` +
        'its library does not load. Reinstall the dependencies on this machine.',
      { cause },
    );
  }
}

/** Node's own from 22.15 on, else a decoder in JavaScript, several times slower. */
async function loadZstd(): Promise<Decompress> {
  const native: unknown = Reflect.get(zlib, 'zstdDecompressSync');
  if (typeof native === 'function') return native as Decompress;
  const { decompress } = await import('fzstd');
  return (data) => {
    const bytes = decompress(data);
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  };
}

const XERIAL_MAGIC = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
/** Magic, then two 32-bit version numbers. */
const XERIAL_HEADER = 16;

/** Java producers frame Snappy in length-prefixed chunks (the xerial format); librdkafka sends one bare block. */
function snappyFrames(data: Buffer, uncompress: Decompress): Buffer {
  if (!data.subarray(0, XERIAL_MAGIC.length).equals(XERIAL_MAGIC)) return uncompress(data);
  const chunks: Buffer[] = [];
  for (let at = XERIAL_HEADER; at < data.length;) {
    const end = at + 4 + data.readUInt32BE(at);
    chunks.push(uncompress(data.subarray(at + 4, end)));
    at = end;
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

import { compressionsAlgorithms } from '@platformatic/kafka';
import { CODECS, loadCodec } from './kafka-codecs.js';

/**
 * Teaches the client, for the whole process, to read every compression of Kafka as the other client does: Zstandard on any Node, and both
 * framings of Snappy. Throws CodecError at start-up, naming the codec.
 */
export async function teachCodecs(): Promise<void> {
  for (const codec of CODECS) {
    const decompress = await loadCodec(codec);
    const decompressSync = (data: Buffer | { readonly buffer: Buffer }) =>
      decompress(Buffer.isBuffer(data) ? data : data.buffer);
    Object.assign(compressionsAlgorithms[codec], { decompressSync });
  }
}

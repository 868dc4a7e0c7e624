import type { Request } from 'express';
import { refusal } from './refusal.js';

/** The bytes of a request, as they were signed. Throws a 413 where there are more than `most`. */
export async function rawBody(request: Request, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > most) throw refusal(413, 'too_large', `at most ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

import { HttpException } from '@nestjs/common';
import type { Request } from 'express';

/** The bytes of a request, as they were signed. Throws a 413 where there are more than `most`. */
export async function rawBody(request: Request, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > most) throw new HttpException({ code: 'too_large', message: `at most ${most} bytes` }, 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

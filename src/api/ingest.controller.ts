import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { EventKind } from '../domain/event.js';
import { HttpRefusal } from '../ingest/http-refusal.js';
import { Service } from '../service.js';
import { Needs } from './access.js';
import { ingestHeaders, type Authenticated } from './ingest-headers.js';

/** Events in (contract section 4). Bodies are read as raw streams: no body parser runs on these routes. */
@Controller('v1')
@Needs('ingest')
export class IngestController {
  constructor(private readonly service: Service) {}

  @Post('predictions')
  async predictions(@Req() request: Authenticated, @Res() response: Response): Promise<void> {
    await this.take('prediction', request, response);
  }

  @Post('labels')
  async labels(@Req() request: Authenticated, @Res() response: Response): Promise<void> {
    await this.take('label', request, response);
  }

  /** Both kinds; each event says its `type`. */
  @Post('events')
  async events(@Req() request: Authenticated, @Res() response: Response): Promise<void> {
    await this.take(null, request, response);
  }

  private async take(kind: EventKind | null, request: Authenticated, response: Response): Promise<void> {
    const { principal } = request;
    const key = request.get('idempotency-key');
    const said = ingestHeaders(request);
    try {
      const answer = await this.service.http.accept({
        kind,
        sender: principal?.id ?? '',
        signal: goneSignal(response),
        // a refusal leaves the stream where it is: destroying it would cut the connection before the answer
        body: request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>,
        contentType: request.get('content-type') ?? null,
        encoding: request.get('content-encoding') ?? null,
        idempotencyKey:
          key === undefined ? null : `${principal?.id ?? ''}:${kind ?? ''}:${key.slice(0, 256)}`,
        ...said,
      });
      response.status(200).json(answer);
    } catch (error) {
      // the client went away in the middle: nobody is there to be told
      if (request.errored || response.destroyed) response.destroy();
      else if (error instanceof HttpRefusal) refuse(response, error);
      else throw error;
    }
  }
}

/** Aborted when the connection is closed before the answer is written: what is left of the work is for nobody. */
function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}

function refuse(response: Response, { status, code, message, retryAfter }: HttpRefusal): void {
  if (retryAfter !== null) response.set('Retry-After', String(retryAfter));
  // the rest of the body is not read
  response.set('Connection', 'close');
  response.status(status).json({ code, message });
}

import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { EventKind } from '../domain/event.js';
import { HttpIngest } from '../ingest/http/http-ingest.js';
import { ForLimitedKeys, Needs } from './access.js';
import { goneSignal } from './gone-signal.js';
import { refuseRequest } from './refuse-request.js';
import { ingestHeaders, type Authenticated } from './ingest-headers.js';

/** Events in (contract section 4). Bodies are read as raw streams: no body parser runs on these routes. */
@Controller('v1')
@Needs('ingest')
@ForLimitedKeys()
export class IngestController {
  constructor(private readonly http: HttpIngest) {}

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
      const answer = await this.http.accept({
        kind,
        sender: principal?.id ?? '',
        only: principal ?? null,
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
      refuseRequest(request, response, error);
    }
  }
}

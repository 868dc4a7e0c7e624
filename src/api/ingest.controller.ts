import { BadRequestException, Controller, ForbiddenException, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { EventKind } from '../domain/event.js';
import { HttpRefusal } from '../ingest/http-refusal.js';
import type { Principal } from '../registry/keys.js';
import { Service } from '../service.js';
import { mayDo, Needs } from './access.js';

type Authenticated = Request & { readonly principal?: Principal };

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
    const receivedAt = asOf(request);
    try {
      const answer = await this.service.http.accept({
        kind,
        // a refusal leaves the stream where it is: destroying it would cut the connection before the answer
        body: request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>,
        contentType: request.get('content-type') ?? null,
        encoding: request.get('content-encoding') ?? null,
        idempotencyKey:
          key === undefined ? null : `${principal?.id ?? ''}:${kind ?? ''}:${key.slice(0, 256)}`,
        ...(receivedAt ? { receivedAt } : {}),
      });
      response.status(200).json(answer);
    } catch (error) {
      // the client went away in the middle: nobody is there to be told
      if (request.errored) response.destroy();
      else if (error instanceof HttpRefusal) refuse(response, error);
      else throw error;
    }
  }
}

/** History is received as of its own time, so that its age is no reason to refuse it; only who operates the service may say so. */
function asOf(request: Authenticated): Date | null {
  const text = request.get('tidewatch-as-of');
  if (text === undefined) return null;
  if (!request.principal || !mayDo(request.principal, 'operate'))
    throw new ForbiddenException({
      code: 'forbidden',
      message: 'tidewatch-as-of needs a key that may operate',
    });
  const at = new Date(text);
  if (Number.isNaN(at.getTime()))
    throw new BadRequestException({
      code: 'bad_timestamp',
      message: `tidewatch-as-of: "${text}" is not an instant`,
    });
  return at;
}

function refuse(response: Response, { status, code, message, retryAfter }: HttpRefusal): void {
  if (retryAfter !== null) response.set('Retry-After', String(retryAfter));
  // the rest of the body is not read
  response.set('Connection', 'close');
  response.status(status).json({ code, message });
}

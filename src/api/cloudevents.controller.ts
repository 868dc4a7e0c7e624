import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CloudEventIntake } from '../ingest/formats/cloud-event-intake.js';
import { HttpRefusal } from '../ingest/http-refusal.js';
import { Needs } from './access.js';
import type { Authenticated } from './ingest-headers.js';

/**
 * CloudEvents in: the address for KServe's inference logger, and for anything else that sends them. The body is read as a raw
 * stream. The answer is 200 also when events were refused, which KServe would otherwise log as its own failure.
 */
@Controller('v1')
@Needs('ingest')
export class CloudEventsController {
  constructor(private readonly intake: CloudEventIntake) {}

  @Post('cloudevents')
  async take(@Req() request: Authenticated, @Res() response: Response): Promise<void> {
    try {
      const body = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
      response
        .status(200)
        .json(
          await this.intake.accept({ headers: request.headers, body, sender: request.principal?.id ?? '' }),
        );
    } catch (error) {
      if (request.errored) response.destroy();
      else if (error instanceof HttpRefusal) refuse(response, error);
      else throw error;
    }
  }
}

function refuse(response: Response, { status, code, message, retryAfter }: HttpRefusal): void {
  if (retryAfter !== null) response.set('Retry-After', String(retryAfter));
  response.set('Connection', 'close');
  response.status(status).json({ code, message });
}

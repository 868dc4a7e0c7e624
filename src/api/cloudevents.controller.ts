import { Controller, Post, Req, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CloudEventIntake } from '../ingest/http/cloud-event-intake.js';
import { Needs } from './access.js';
import { goneSignal } from './gone-signal.js';
import type { Authenticated } from './ingest-headers.js';
import { refuseRequest } from './refuse-request.js';

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
      const { headers, principal } = request;
      const signal = goneSignal(response);
      const answer = await this.intake.accept({ headers, body, sender: principal?.id ?? '', signal });
      response.status(200).json(answer);
    } catch (error) {
      refuseRequest(request, response, error);
    }
  }
}

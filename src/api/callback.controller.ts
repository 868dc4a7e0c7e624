import { Body, Controller, HttpCode, HttpException, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { applyCallback, CallbackRefused } from '../retraining/callback.js';
import { Service } from '../service.js';
import { bearerToken } from '../registry/request-token.js';

/** Training jobs report here; each run has a token of its own, so no key is needed. */
@Controller('v1/callbacks')
export class CallbackController {
  constructor(private readonly service: Service) {}

  @Post('retrain/:id')
  @HttpCode(202)
  async retrain(
    @Param('id') id: string,
    @Body() body: unknown,
    @Req() request: Request,
  ): Promise<{ status: string }> {
    const token = bearerToken(request.headers) ?? '';
    try {
      await this.service.ledger.transact((now) =>
        applyCallback(this.service.stages.retrainings, id, token, body, now),
      );
      return { status: 'recorded' };
    } catch (error) {
      if (!(error instanceof CallbackRefused)) throw error;
      throw new HttpException({ code: error.code, message: error.message }, error.status);
    }
  }
}

import { Controller, HttpCode, HttpException, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { RetrainingActions } from '../pipeline/retraining-actions.js';
import { CallbackRefused } from '../retraining/callback.js';
import { bearerToken } from '../registry/request-token.js';
import { rawBody } from './raw-body.js';

const MOST_REPORT_BYTES = 256 * 1024;

/** Training jobs report here; each run has a token of its own, so no key is needed. */
@Controller('v1/callbacks')
export class CallbackController {
  constructor(private readonly actions: RetrainingActions) {}

  @Post('retrain/:id')
  @HttpCode(202)
  async retrain(@Param('id') id: string, @Req() request: Request): Promise<{ status: string }> {
    const token = bearerToken(request.headers) ?? '';
    const body = jsonOf(await rawBody(request, MOST_REPORT_BYTES));
    try {
      await this.actions.report(id, token, body);
      return { status: 'recorded' };
    } catch (error) {
      if (!(error instanceof CallbackRefused)) throw error;
      throw new HttpException({ code: error.code, message: error.message }, error.status);
    }
  }
}

/** What a job sent, whatever it called it; the text itself, which is no report, where it is no JSON. */
function jsonOf(body: Buffer): unknown {
  const text = body.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

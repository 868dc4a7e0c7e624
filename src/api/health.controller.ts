import { Controller, Get, Header, Res } from '@nestjs/common';
import type { Response } from 'express';
import { Metrics } from '../telemetry/metrics.js';
import { Readiness } from '../telemetry/readiness.js';

/** What an orchestrator and Prometheus ask; open, because neither carries a key. */
@Controller()
export class HealthController {
  constructor(
    private readonly readiness: Readiness,
    private readonly measured: Metrics,
  ) {}

  /** The process answers: nothing else is looked at. */
  @Get('health/live')
  live(): { status: string } {
    return { status: 'ok' };
  }

  /** 200 when requests are answered (`ok`, or `degraded` and what is missing), else 503 and what is wrong. */
  @Get('health/ready')
  async ready(@Res() response: Response): Promise<void> {
    const { status, ready, parts } = await this.readiness.report();
    response.status(ready ? 200 : 503).json({ status, parts });
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  async metrics(): Promise<string> {
    return this.measured.text();
  }
}

import { Controller, Get, type OnModuleDestroy, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Changes } from '../pipeline/changes.js';
import { PageError } from './page-error.js';
import { PageFilter } from './page.filter.js';
import { PageGuard } from './page.guard.js';

/** Changes that come together are told together. */
const TOGETHER_MS = 1_000;
/** Proxies cut what is silent for longer. */
const SIGN_OF_LIFE_MS = 25_000;
const MOST_STREAMS = 500;

/** Tells open pages that something has changed (server-sent events); they fetch themselves anew. */
@Controller('live')
@UseFilters(PageFilter)
@UseGuards(PageGuard)
export class LiveController implements OnModuleDestroy {
  private readonly streams = new Set<Response>();

  constructor(private readonly changes: Changes) {}

  /** A stream that is open would hold up the stop. */
  onModuleDestroy(): void {
    for (const stream of this.streams) stream.end();
  }

  @Get()
  live(@Req() request: Request, @Res() response: Response): void {
    if (this.streams.size >= MOST_STREAMS)
      throw new PageError(503, 'Too many pages are open; this one shows what was when it was loaded.');
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    response.write('retry: 3000\n\n');
    const stop = this.follow(response);
    this.streams.add(response);
    request.on('close', () => {
      stop();
      this.streams.delete(response);
    });
  }

  private follow(response: Response): () => void {
    let waiting: NodeJS.Timeout | null = null;
    const tell = () => {
      waiting = null;
      response.write('event: change\ndata: {}\n\n');
    };
    const stop = this.changes.listen(() => (waiting ??= setTimeout(tell, TOGETHER_MS)));
    const alive = setInterval(() => response.write(': here\n\n'), SIGN_OF_LIFE_MS);
    return () => {
      stop();
      clearInterval(alive);
      if (waiting) clearTimeout(waiting);
    };
  }
}

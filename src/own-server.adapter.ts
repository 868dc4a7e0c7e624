import type { RequestListener, Server } from 'node:http';
import type { NestApplicationOptions } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';

/** Express on a server that listens already: Nest would make one of its own, and between the two nobody would answer. */
export class OwnServerAdapter extends ExpressAdapter {
  constructor(private readonly own: Server) {
    super();
  }

  override initHttpServer(_options: NestApplicationOptions): void {
    this.setHttpServer(this.own);
  }

  /** What answers requests. */
  get listener(): RequestListener {
    return this.getInstance<RequestListener>();
  }
}

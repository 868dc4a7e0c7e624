import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { map, type Observable } from 'rxjs';
import type { PageContent } from './layout.js';
import { Framing } from './framing.js';

/** Puts what a handler returns into the frame that all pages share; a handler that has answered by itself returns nothing. */
@Injectable()
export class PageInterceptor implements NestInterceptor<PageContent | undefined, string | undefined> {
  constructor(private readonly frame: Framing) {}

  intercept(
    context: ExecutionContext,
    next: CallHandler<PageContent | undefined>,
  ): Observable<string | undefined> {
    const http = context.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    return next.handle().pipe(map((content) => content && this.frame.around(content, request, response)));
  }
}

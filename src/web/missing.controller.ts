import { Controller, Get, Next, NotFoundException, Post, Req, Res, UseFilters } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { PageError } from './page-error.js';
import { PageFilter } from './page.filter.js';

/** Addresses that lead nowhere: a page for people, a sentence for programs. Registered last, so that it takes only what nobody else took. */
@Controller()
@UseFilters(PageFilter)
export class MissingController {
  @Get('*path')
  missing(@Req() request: Request): never {
    const message = `There is nothing at ${request.path}.`;
    throw request.accepts('html', 'json') === 'html'
      ? new PageError(404, message)
      : new NotFoundException(message);
  }

  /** A program that posts to a door without its `/v1` is told where the doors are. */
  @Post('*path')
  missingDoor(@Req() { method, path }: Request, @Res() response: Response, @Next() next: NextFunction): void {
    // GraphQL is served behind the controllers
    if (path.startsWith('/graphql')) return next();
    const doors = 'events go to /v1/predictions, /v1/labels and /v1/events';
    response.status(404).json({
      code: 'not_found',
      message: `${path} takes no ${method}: ${doors}, and /v1/openapi.json lists what else there is`,
    });
  }
}

import { Controller, Get, NotFoundException, Req, UseFilters } from '@nestjs/common';
import type { Request } from 'express';
import { PageError } from './page-error.js';
import { PageFilter } from './page.filter.js';

/** Addresses that lead nowhere: a page for people. Registered last, so that it takes only what nobody else took. */
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
}

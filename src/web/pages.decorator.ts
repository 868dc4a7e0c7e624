import { applyDecorators, Controller, UseFilters, UseGuards, UseInterceptors } from '@nestjs/common';
import { PageFilter } from './page.filter.js';
import { PageGuard } from './page.guard.js';
import { PageInterceptor } from './page.interceptor.js';

/** A controller whose handlers return pages for signed-in visitors. */
export const Pages = (path = ''): ClassDecorator =>
  applyDecorators(
    Controller(path),
    UseFilters(PageFilter),
    UseGuards(PageGuard),
    UseInterceptors(PageInterceptor),
  );

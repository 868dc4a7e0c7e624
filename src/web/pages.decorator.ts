import {
  applyDecorators,
  Controller,
  SetMetadata,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { PageFilter } from './page.filter.js';
import type { Permission } from '../domain/roles.js';
import { PAGE_NEED, PageGuard } from './page.guard.js';
import { PageInterceptor } from './page.interceptor.js';

/** A controller whose handlers return pages for signed-in visitors who may do what it needs. */
export const Pages = (path = '', need: Permission = 'read'): ClassDecorator =>
  applyDecorators(
    Controller(path),
    SetMetadata(PAGE_NEED, need),
    UseFilters(PageFilter),
    UseGuards(PageGuard),
    UseInterceptors(PageInterceptor),
  );

import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Reflector } from '@nestjs/core';
import type { Permission } from '../domain/roles.js';
import { KeyDoor } from '../registry/key-door.js';
import { demandReader } from './visitor.js';

/** Metadata of a page: what it needs beside reading. */
export const PAGE_NEED = 'tidewatch:page-need';

/** Pages are for whoever may read, some of them for fewer. */
@Injectable()
export class PageGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly door: KeyDoor,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const places = [context.getHandler(), context.getClass()];
    const need = this.reflector.getAllAndOverride<Permission | undefined>(PAGE_NEED, places);
    demandReader(this.door, context.switchToHttp().getRequest<Request>(), need);
    return true;
  }
}

import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Service } from '../service.js';
import { demandReader } from './visitor.js';

/** Pages are for keys that may read. */
@Injectable()
export class PageGuard implements CanActivate {
  constructor(private readonly service: Service) {}

  canActivate(context: ExecutionContext): boolean {
    demandReader(this.service.door, context.switchToHttp().getRequest<Request>());
    return true;
  }
}

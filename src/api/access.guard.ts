import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { GqlExecutionContext } from '@nestjs/graphql';
import { GraphQLError } from 'graphql';
import type { Request } from 'express';
import { Keys, type Principal, type Scope } from '../registry/keys.js';
import { mayDo, principalOf, SCOPE } from './access.js';

/** Lets a request pass when its key is good for what the handler needs; handlers that need nothing are open. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly keys: Keys,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const scope = this.reflector.getAllAndOverride<Scope | undefined>(SCOPE, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (scope === undefined) return true;
    const graphql = context.getType<string>() === 'graphql';
    const request = graphql
      ? GqlExecutionContext.create(context).getContext<{ req: Request }>().req
      : context.switchToHttp().getRequest<Request>();
    const principal = principalOf(this.keys, request);
    if (principal === null)
      throw refusal(graphql, 'UNAUTHENTICATED', 'send a valid key: Authorization: Bearer <key>');
    if (!mayDo(principal, scope))
      throw refusal(graphql, 'FORBIDDEN', `this key (${principal.name}) may not ${scope}`);
    (request as Request & { principal?: Principal }).principal = principal;
    return true;
  }
}

function refusal(graphql: boolean, code: 'UNAUTHENTICATED' | 'FORBIDDEN', message: string): Error {
  if (graphql) return new GraphQLError(message, { extensions: { code } });
  const body = { code: code.toLowerCase(), message };
  return code === 'FORBIDDEN' ? new ForbiddenException(body) : new UnauthorizedException(body);
}

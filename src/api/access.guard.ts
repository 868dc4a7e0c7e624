import {
  type CanActivate,
  type ExecutionContext,
  ForbiddenException,
  HttpException,
  Injectable,
  UnauthorizedException,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { GqlExecutionContext } from '@nestjs/graphql';
import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { Request } from 'express';
import { KeyDoor, TooManyWrongKeys } from '../registry/key-door.js';
import type { Principal, Scope } from '../registry/keys.js';
import { goOnWithout } from '../store/asker.js';
import { mayDo, principalOf, SCOPE } from './access.js';

/** Lets a request pass when its key is good for what the handler needs; handlers that need nothing are open. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly door: KeyDoor,
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
    const principal = this.principalOf(request, graphql);
    if (principal === null)
      throw refusal(graphql, 'UNAUTHENTICATED', 'send a valid key: Authorization: Bearer <key>');
    if (!mayDo(principal, scope))
      throw refusal(graphql, 'FORBIDDEN', `this key (${principal.name}) may not ${scope}`);
    (request as Request & { principal?: Principal }).principal = principal;
    if (graphql && isMutation(context)) goOnWithout();
    return true;
  }

  private principalOf(request: Request, graphql: boolean): Principal | null {
    try {
      return principalOf(this.door, request);
    } catch (error) {
      if (!(error instanceof TooManyWrongKeys)) throw error;
      request.res?.set('Retry-After', String(error.retryAfterS));
      throw tooMany(error, graphql);
    }
  }
}

function isMutation(context: ExecutionContext): boolean {
  const { operation } = GqlExecutionContext.create(context).getInfo<GraphQLResolveInfo>();
  return operation.operation === 'mutation';
}

function tooMany({ message, code }: TooManyWrongKeys, graphql: boolean): Error {
  if (graphql)
    return new GraphQLError(message, { extensions: { code: 'TOO_MANY_WRONG_KEYS', http: { status: 429 } } });
  return new HttpException({ code, message }, 429);
}

function refusal(graphql: boolean, code: 'UNAUTHENTICATED' | 'FORBIDDEN', message: string): Error {
  if (graphql) return new GraphQLError(message, { extensions: { code } });
  const body = { code: code.toLowerCase(), message };
  return code === 'FORBIDDEN' ? new ForbiddenException(body) : new UnauthorizedException(body);
}

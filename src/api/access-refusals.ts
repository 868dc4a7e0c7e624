import { ForbiddenException, HttpException, UnauthorizedException } from '@nestjs/common';
import { GraphQLError } from 'graphql';
import type { TooManyWrongKeys } from '../registry/key-door.js';

export const SEND_A_KEY = 'send a valid key: Authorization: Bearer <key>';

/** Of a client that guesses keys; GraphQL says it by its status as well. */
export function tooManyWrongKeys({ message, code }: TooManyWrongKeys, graphql: boolean): Error {
  if (graphql)
    return new GraphQLError(message, { extensions: { code: 'TOO_MANY_WRONG_KEYS', http: { status: 429 } } });
  return new HttpException({ code, message }, 429);
}

/** Of whoever may not, or did not say who they are. */
export function refusal(graphql: boolean, code: 'UNAUTHENTICATED' | 'FORBIDDEN', message: string): Error {
  if (graphql) return new GraphQLError(message, { extensions: { code } });
  const body = { code: code.toLowerCase(), message };
  return code === 'FORBIDDEN' ? new ForbiddenException(body) : new UnauthorizedException(body);
}

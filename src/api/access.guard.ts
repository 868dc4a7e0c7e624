import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import type { Request } from 'express';
import { KeyDoor, TooManyWrongKeys } from '../registry/key-door.js';
import { actorOf, calledText, isOwner, limitsText, mayDo, type Principal } from '../registry/principal.js';
import { mayNotText, type Permission } from '../domain/roles.js';
import { ApprovalActions } from '../pipeline/approval-actions.js';
import { Registry } from '../registry/registry.js';
import { goOnWithout } from '../store/asker.js';
import { FOR_LIMITED, NEED, principalOf } from './access.js';
import { refusal, SEND_A_KEY, tooManyWrongKeys } from './access-refusals.js';
import { KeyReach } from './reach.js';

const ROOTS: ReadonlySet<string> = new Set(['Query', 'Mutation', 'Subscription']);

/** Lets a request pass when its key is good for what the handler needs; handlers that need nothing are open. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly door: KeyDoor,
    private readonly registry: Registry,
    private readonly reach: KeyReach,
    private readonly approvals: ApprovalActions,
  ) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    const need = this.reflector.getAllAndOverride<Permission | undefined>(NEED, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (need === undefined) return true;
    const graphql = context.getType<string>() === 'graphql';
    const request = graphql
      ? GqlExecutionContext.create(context).getContext<{ req: Request }>().req
      : context.switchToHttp().getRequest<Request>();
    const principal = this.principalOf(request, graphql);
    if (principal === null) throw refusal(graphql, 'UNAUTHENTICATED', SEND_A_KEY);
    const because = this.refusedBecause(context, principal, need, graphql);
    if (because !== null) {
      const forbidden = refusal(graphql, 'FORBIDDEN', because);
      if (need !== 'approve' || !graphql) throw forbidden;
      return this.triedToDecide(context, principal, because).then(() => {
        throw forbidden;
      });
    }
    (request as Request & { principal?: Principal }).principal = principal;
    if (graphql && isMutation(context)) goOnWithout();
    return true;
  }

  /** Why somebody may not; null where they may. */
  private refusedBecause(
    context: ExecutionContext,
    principal: Principal,
    need: Permission,
    graphql: boolean,
  ): string | null {
    const called = calledText(principal);
    if (!mayDo(principal, need) && !(need === 'operate' && mayDo(principal, 'operateOwn')))
      return `${called} ${mayNotText(need)}`;
    const beyond = this.beyondLimits(context, this.within(principal, need), graphql);
    return beyond === null ? null : `${called} is for ${beyond}`;
  }

  /** A yes or no by somebody who may not say it is recorded. */
  private async triedToDecide(
    context: ExecutionContext,
    principal: Principal,
    because: string,
  ): Promise<void> {
    const graphql = GqlExecutionContext.create(context);
    const { input } = graphql.getArgs<{
      readonly input?: { readonly id?: string; readonly decision?: string };
    }>();
    const { fieldName } = graphql.getInfo<GraphQLResolveInfo>();
    const isYes = input?.decision === 'APPROVE' || fieldName === 'retrainingApprove';
    const tried = { id: input?.id ?? '', isYes, actor: actorOf(principal) };
    await this.approvals.triedWithoutRight(tried, because);
  }

  /** Who may operate only what they own is limited to it where they operate, not where they read. */
  private within(principal: Principal, need: Permission): Principal {
    if (mayDo(principal, need)) return principal;
    const owned = this.registry.models().filter(({ model }) => isOwner(principal, model.owner));
    const models = owned.map(({ model }) => model.key);
    return { ...principal, models: models.filter((key) => principal.models?.includes(key) ?? true) };
  }

  /** What a limited key is for, and that this is not it; null where it is. */
  private beyondLimits(context: ExecutionContext, principal: Principal, graphql: boolean): string | null {
    const limits = limitsText(principal);
    if (limits === null) return null;
    if (graphql) {
      const { fieldName, parentType } = GqlExecutionContext.create(context).getInfo<GraphQLResolveInfo>();
      const args = GqlExecutionContext.create(context).getArgs<Readonly<Record<string, unknown>>>();
      return ROOTS.has(parentType.name) ? this.reach.beyond(principal, fieldName, args) : null;
    }
    const looks = this.reflector.getAllAndOverride<boolean | undefined>(FOR_LIMITED, [
      context.getHandler(),
      context.getClass(),
    ]);
    return looks === true ? null : `${limits}, and this address is about all of them`;
  }

  private principalOf(request: Request, graphql: boolean): Principal | null {
    try {
      return principalOf(this.door, request);
    } catch (error) {
      if (!(error instanceof TooManyWrongKeys)) throw error;
      request.res?.set('Retry-After', String(error.retryAfterS));
      throw tooManyWrongKeys(error, graphql);
    }
  }
}

function isMutation(context: ExecutionContext): boolean {
  const { operation } = GqlExecutionContext.create(context).getInfo<GraphQLResolveInfo>();
  return operation.operation === 'mutation';
}

import { Args, Context, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { mayNotText } from '../domain/roles.js';
import { Ledger } from '../ledger/ledger.js';
import { AuditActions } from '../pipeline/audit-actions.js';
import { NodeReads } from '../pipeline/node-reads.js';
import { calledText, mayDo } from '../registry/principal.js';
import { Registry } from '../registry/registry.js';
import { Needs } from './access.js';
import { refusal } from './access-refusals.js';
import { namedBy } from './global-id.js';
import type { ApiContext } from './request.js';
import type { QueryNodeArgs } from './schema.generated.js';

/** Whatever has an id of its own, for whoever kept the id alone. */
@Resolver('Node')
@Needs('read')
export class NodeResolver {
  /** The types of what was found: the things themselves do not say it. */
  private readonly types = new WeakMap<object, string>();

  constructor(
    private readonly nodes: NodeReads,
    private readonly registry: Registry,
    private readonly ledger: Ledger,
    private readonly audit: AuditActions,
  ) {}

  @Query('node')
  async node(@Args() { id }: QueryNodeArgs, @Context() { req }: ApiContext): Promise<object | null> {
    const named = namedBy(id);
    if (named?.type === 'AuditEvent') return this.as('AuditEvent', await this.entry(Number(named.name), req));
    if (named) return this.as(named.type, this.registry.find(named.name));
    const found = this.nodes.find(id);
    return this.as(found?.type ?? '', found?.value);
  }

  @ResolveField('__resolveType')
  typeOf(found: object): string | undefined {
    return this.types.get(found);
  }

  /** Entries are for those who may read the ledger, and that they do is an entry, whichever way they come. */
  private async entry(seq: number, { principal }: ApiContext['req']): Promise<object | undefined> {
    if (!mayDo(principal, 'audit'))
      throw refusal(true, 'FORBIDDEN', `${calledText(principal)} ${mayNotText('audit')}`);
    if (!Number.isSafeInteger(seq)) return undefined;
    await this.audit.noteReading(principal, { seq });
    const [found] = await this.ledger.read({ limit: 1, newestFirst: false, after: seq - 1 });
    return found?.seq === seq ? found : undefined;
  }

  private as(type: string, found: object | undefined): object | null {
    if (!found) return null;
    this.types.set(found, type);
    return found;
  }
}

import { Inject } from '@nestjs/common';
import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { CONFIG, type Config } from '../config/config.js';
import { cosignaturesIn, type Cosignature } from '../ledger/cosignature.js';
import { Ledger } from '../ledger/ledger.js';
import { NoSuchPlace } from '../ledger/prove-entry.js';
import { AuditProofs, type ShownCheckpoint } from '../pipeline/audit-proofs.js';
import { Needs } from './access.js';
import { pageSize } from './connection.js';
import { BadInput } from './graphql-errors.js';
import type {
  QueryAuditCheckpointsArgs,
  QueryAuditConsistencyArgs,
  QueryAuditProofArgs,
} from './schema.generated.js';

/** Who else signed a checkpoint. */
@Resolver('AuditCheckpoint')
export class AuditCheckpointResolver {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  @ResolveField('cosignatures')
  cosignatures(@Parent() { note }: { readonly note: string }): readonly Cosignature[] {
    const keys = this.config.TIDEWATCH_WITNESSES.map(({ key }) => key);
    return cosignaturesIn(note, keys).map(({ witness, at }) => ({ witness, at }));
  }
}

/** Proofs of single entries, and the signed checkpoints they lead to. */
@Resolver()
@Needs('audit')
export class AuditProofResolver {
  constructor(
    private readonly ledger: Ledger,
    private readonly proofs: AuditProofs,
  ) {}

  @Query('auditCheckpoints')
  auditCheckpoints(@Args('first') first?: QueryAuditCheckpointsArgs['first']): readonly ShownCheckpoint[] {
    const size = pageSize(first);
    const shown: ShownCheckpoint[] = [];
    for (const one of this.proofs.published()) if (shown.push(one) >= size) break;
    return shown;
  }

  @Query('auditProof')
  async auditProof(@Args() { seq, size }: QueryAuditProofArgs): Promise<object> {
    try {
      return await this.proofs.of(seq, size ?? undefined);
    } catch (error) {
      if (error instanceof NoSuchPlace) throw new BadInput(error.message, error.field);
      throw error;
    }
  }

  @Query('auditConsistency')
  async auditConsistency(@Args() { older, size }: QueryAuditConsistencyArgs): Promise<object> {
    const { ledger } = this;
    await ledger.refresh();
    const newer = size ?? ledger.tree.size;
    if (!(older >= 1 && older <= newer && newer <= ledger.tree.size))
      throw new BadInput(
        `older: 1 to ${Math.min(newer, ledger.tree.size)}, of a log of ${ledger.tree.size}`,
        'older',
      );
    const [olderRoot, root] = [await ledger.tree.rootOf(older), await ledger.tree.rootOf(newer)];
    const proof = await ledger.tree.consistencyProof(older, newer);
    const path = proof.map((hash) => hash.toString('hex'));
    return { older, olderRoot: olderRoot.toString('hex'), size: newer, root: root.toString('hex'), path };
  }
}

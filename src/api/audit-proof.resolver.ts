import { Inject } from '@nestjs/common';
import { Args, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { claimedSize } from '../ledger/checkpoint.js';
import { CONFIG, type Config } from '../config/config.js';
import { Checkpoints, headOf } from '../ledger/checkpoints.js';
import { cosignaturesIn, type Cosignature } from '../ledger/cosignature.js';
import { Ledger } from '../ledger/ledger.js';
import { proveEntry, NoSuchPlace } from '../ledger/prove-entry.js';
import { Database } from '../store/database.js';
import { Needs } from './access.js';
import { pageSize } from './connection.js';
import { BadInput } from './graphql-errors.js';
import type {
  QueryAuditCheckpointsArgs,
  QueryAuditConsistencyArgs,
  QueryAuditProofArgs,
} from './schema.generated.js';

interface ShownCheckpoint {
  readonly size: number;
  readonly root: string;
  readonly note: string;
  readonly verifierKey: string;
  readonly publishedAt: Date;
}

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
    private readonly database: Database,
    private readonly ledger: Ledger,
    private readonly checkpoints: Checkpoints,
  ) {}

  @Query('auditCheckpoints')
  auditCheckpoints(@Args('first') first?: QueryAuditCheckpointsArgs['first']): readonly ShownCheckpoint[] {
    const size = pageSize(first);
    const shown: ShownCheckpoint[] = [];
    for (const one of this.published()) if (shown.push(one) >= size) break;
    return shown;
  }

  @Query('auditProof')
  async auditProof(@Args() { seq, size }: QueryAuditProofArgs): Promise<object> {
    const { database, ledger, checkpoints } = this;
    await ledger.refresh();
    try {
      const newest = await checkpoints.sign(ledger.tree);
      const proof = await proveEntry(database, ledger.tree, { seq, size: size ?? newest.head.size });
      const fresh = { ...newest, ...newest.head, publishedAt: null };
      const [published] = this.published(proof.size);
      return { ...proof, checkpoint: published ?? (fresh.size === proof.size ? fresh : null) };
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

  /** Newest first, opened one by one. A copy that the key did not sign (the key was changed since) is none of this log's checkpoints. */
  private *published(wanted?: number): Generator<ShownCheckpoint> {
    const { history, verifierKey } = this.checkpoints;
    for (const { at, note } of history.all.toReversed()) {
      if (wanted !== undefined && claimedSize(note) !== wanted) continue;
      const head = headOf(note, verifierKey);
      if (head) yield { ...head, note, verifierKey, publishedAt: new Date(at) };
    }
  }
}

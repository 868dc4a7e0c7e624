import { Args, Query, Resolver } from '@nestjs/graphql';
import { openCheckpoint } from '../ledger/checkpoint.js';
import { proveEntry, NoSuchPlace } from '../ledger/prove-entry.js';
import { Service } from '../service.js';
import { Needs } from './access.js';
import { pageSize } from './connection.js';
import { BadInput } from './graphql-errors.js';

interface ShownCheckpoint {
  readonly size: number;
  readonly root: string;
  readonly note: string;
  readonly verifierKey: string;
  readonly publishedAt: Date;
}

/** Proofs of single entries, and the signed checkpoints they lead to. */
@Resolver()
@Needs('read')
export class AuditProofResolver {
  constructor(private readonly service: Service) {}

  @Query('auditCheckpoints')
  auditCheckpoints(@Args('first') first?: number): readonly ShownCheckpoint[] {
    return this.published().slice(0, pageSize(first));
  }

  @Query('auditProof')
  async auditProof(@Args() { seq, size }: { readonly seq: number; readonly size?: number }): Promise<object> {
    const { database, ledger, checkpoints } = this.service;
    await ledger.refresh();
    try {
      const newest = await checkpoints.sign(ledger.tree);
      const signed = [...this.published(), { ...newest, ...newest.head, publishedAt: null }];
      const proof = await proveEntry(database, ledger.tree, { seq, size: size ?? newest.head.size });
      return { ...proof, checkpoint: signed.find((one) => one.size === proof.size) ?? null };
    } catch (error) {
      if (error instanceof NoSuchPlace) throw new BadInput(error.message, error.field);
      throw error;
    }
  }

  /** Newest first. A copy that the key did not sign (the key was changed since) is none of this log's checkpoints. */
  private published(): readonly ShownCheckpoint[] {
    const { history, verifierKey } = this.service.checkpoints;
    return history.all.toReversed().flatMap(({ at, note }) => {
      try {
        return [{ ...openCheckpoint(note, verifierKey), note, verifierKey, publishedAt: new Date(at) }];
      } catch {
        return [];
      }
    });
  }
}

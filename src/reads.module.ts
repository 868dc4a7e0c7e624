import { type DynamicModule, Global, Module } from '@nestjs/common';
import { keepTermsOf } from './limits-from.js';
import { AccessReads } from './pipeline/access-reads.js';
import { ApprovalReads } from './pipeline/approval-reads.js';
import { AuditProofs } from './pipeline/audit-proofs.js';
import { CaseReads } from './pipeline/case-reads.js';
import { DeliveryReads } from './pipeline/delivery-reads.js';
import { IncidentReads } from './pipeline/incident-reads.js';
import { ModelReads } from './pipeline/model-reads.js';
import { NodeReads } from './pipeline/node-reads.js';
import { PerformanceReads } from './pipeline/performance-reads.js';
import { PlatformReads } from './pipeline/platform-reads.js';
import { PolicyReads } from './pipeline/policy-reads.js';
import { Recomputing } from './pipeline/recompute.js';
import { RetentionReads } from './pipeline/retention-reads.js';
import { RetrainingReads } from './pipeline/retraining-reads.js';
import { part } from './parts.module.js';
import type { Service } from './service.js';

/** What is read of several parts for whoever looks, each kind a class, for the API and the pages alike. */
@Global()
@Module({})
export class ReadsModule {
  static register({
    stages,
    spine,
    retention,
    options,
    keys,
    keyUses,
    signOn,
    checkpoints,
    database,
  }: Service): DynamicModule {
    const providers = [
      part(AccessReads, new AccessReads({ keys, keyUses, signOn })),
      part(ApprovalReads, new ApprovalReads(stages)),
      part(AuditProofs, new AuditProofs(database, stages.ledger, checkpoints)),
      part(CaseReads, new CaseReads(stages)),
      part(DeliveryReads, new DeliveryReads(stages)),
      part(IncidentReads, new IncidentReads(stages)),
      part(ModelReads, new ModelReads(stages, spine)),
      part(NodeReads, new NodeReads(stages)),
      part(PerformanceReads, new PerformanceReads(stages)),
      part(PlatformReads, new PlatformReads(stages)),
      part(PolicyReads, new PolicyReads(stages)),
      part(Recomputing, new Recomputing(stages)),
      part(RetentionReads, new RetentionReads(stages, keepTermsOf(options.config), retention)),
      part(RetrainingReads, new RetrainingReads(stages)),
    ];
    return { module: ReadsModule, providers, exports: providers };
  }
}

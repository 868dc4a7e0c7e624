import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ApprovalActions } from './pipeline/approval-actions.js';
import { AuditActions } from './pipeline/audit-actions.js';
import { ClickActions } from './pipeline/click-actions.js';
import { DeadLetterActions } from './pipeline/dead-letter-actions.js';
import { DeliveryActions } from './pipeline/delivery-actions.js';
import { IncidentActions } from './pipeline/incident-actions.js';
import { KeyActions } from './pipeline/key-actions.js';
import { ModelActions } from './pipeline/model-actions.js';
import { OversightActions } from './pipeline/oversight-actions.js';
import { PeopleActions } from './pipeline/people-actions.js';
import { PolicyActions } from './pipeline/policy-actions.js';
import { RetrainingActions } from './pipeline/retraining-actions.js';
import { SeriousActions } from './pipeline/serious-actions.js';
import { SilenceActions } from './pipeline/silence-actions.js';
import { part } from './parts.module.js';
import type { Service } from './service.js';

/** What people can do, each kind a class, for the API, the pages and Slack alike: a controller asks for the one it needs. */
@Global()
@Module({})
export class ActionsModule {
  static register(service: Service): DynamicModule {
    const { stages, writer, spine, ledger, keys, people, sessions, options } = service;
    const providers = [
      part(ApprovalActions, new ApprovalActions(stages, writer)),
      part(AuditActions, new AuditActions(stages, service.checkpoints, service.auditReads)),
      part(ClickActions, new ClickActions(stages)),
      part(DeadLetterActions, new DeadLetterActions(service.deadLetters, ledger)),
      part(DeliveryActions, new DeliveryActions(stages)),
      part(IncidentActions, new IncidentActions(stages)),
      part(KeyActions, new KeyActions({ ledger, keys })),
      part(ModelActions, new ModelActions(stages, writer, spine.problems)),
      part(OversightActions, new OversightActions(stages, service.hashes, service.names)),
      part(PeopleActions, new PeopleActions({ ledger, people, sessions, clock: options.clock })),
      part(PolicyActions, new PolicyActions(stages)),
      part(RetrainingActions, new RetrainingActions(stages)),
      part(SeriousActions, new SeriousActions(stages)),
      part(SilenceActions, new SilenceActions(stages)),
    ];
    return { module: ActionsModule, providers, exports: providers };
  }
}

import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ApprovalActions } from './pipeline/approval-actions.js';
import { DeliveryActions } from './pipeline/delivery-actions.js';
import { IncidentActions } from './pipeline/incident-actions.js';
import { KeyActions } from './pipeline/key-actions.js';
import { ModelActions } from './pipeline/model-actions.js';
import { SilenceActions } from './pipeline/silence-actions.js';
import type { Service } from './service.js';

/** What people can do, each kind a class, for the API and the pages alike: a controller asks for the one it needs. */
@Global()
@Module({})
export class ActionsModule {
  static register({ stages, writer, spine, ledger, keys }: Service): DynamicModule {
    const providers = [
      { provide: ApprovalActions, useValue: new ApprovalActions(stages, writer) },
      { provide: DeliveryActions, useValue: new DeliveryActions(stages) },
      { provide: IncidentActions, useValue: new IncidentActions(stages) },
      { provide: KeyActions, useValue: new KeyActions({ ledger, keys }) },
      { provide: ModelActions, useValue: new ModelActions(stages, writer, spine.problems) },
      { provide: SilenceActions, useValue: new SilenceActions(stages) },
    ];
    return { module: ActionsModule, providers, exports: providers };
  }
}

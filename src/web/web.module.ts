import { type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { urlencoded } from 'express';
import { KeyDoor } from '../registry/key-door.js';
import { ApprovalController } from './approval.controller.js';
import { AssetsController } from './assets.controller.js';
import { AuditController } from './audit.controller.js';
import { DeadLetterController } from './dead-letter.controller.js';
import { ChannelController } from './channel.controller.js';
import { DeliveryController } from './delivery.controller.js';
import { FeatureController } from './feature.controller.js';
import { FleetWatch } from './fleet-watch.js';
import { ModelOutcomes } from './model-outcomes.js';
import { PageContext } from './page-context.js';
import { FleetController } from './fleet.controller.js';
import { CaseController } from './case.controller.js';
import { IncidentController } from './incident.controller.js';
import { KeysController } from './keys.controller.js';
import { keyLink } from './key-cookie.js';
import { LiveController } from './live.controller.js';
import { MissingController } from './missing.controller.js';
import { ComparisonController } from './comparison.controller.js';
import { SlicesController } from './slices.controller.js';
import { ModelController } from './model.controller.js';
import { Framing } from './framing.js';
import { PeopleController } from './people.controller.js';
import { RetentionController } from './retention.controller.js';
import { PolicyController } from './policy.controller.js';
import { RetrainingController } from './retraining.controller.js';
import { SessionController } from './session.controller.js';
import { SilenceController } from './silence.controller.js';

const PAGES = [
  FleetController,
  ModelController,
  FeatureController,
  ComparisonController,
  SlicesController,
  CaseController,
  SilenceController,
  IncidentController,
  RetrainingController,
  ApprovalController,
  PolicyController,
  ChannelController,
  DeliveryController,
  AuditController,
  DeadLetterController,
  RetentionController,
  KeysController,
  PeopleController,
];

/** The built-in pages: server-rendered, readable without scripts, and with everything they load served from here. */
@Module({
  controllers: [AssetsController, SessionController, LiveController, ...PAGES, MissingController],
  providers: [FleetWatch, ModelOutcomes, PageContext, Framing],
})
export class WebModule implements NestModule {
  constructor(private readonly door: KeyDoor) {}

  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(urlencoded({ extended: false, limit: '8kb' }))
      .forRoutes(
        AuditController,
        SessionController,
        DeliveryController,
        RetrainingController,
        CaseController,
        SilenceController,
        ApprovalController,
        KeysController,
      );
    // a policy is longer than a note
    consumer.apply(urlencoded({ extended: false, limit: '256kb' })).forRoutes(PolicyController);
    consumer.apply(keyLink(this.door)).forRoutes(...PAGES);
  }
}

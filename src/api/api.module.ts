import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { readFileSync } from 'node:fs';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, HttpAdapterHost } from '@nestjs/core';
import { GraphQLModule, GraphQLSchemaHost } from '@nestjs/graphql';
import { ApolloArmor } from '@escape.tech/graphql-armor';
import type { Log } from '../telemetry/log.js';
import { AccessGuard } from './access.guard.js';
import { AuditExportController } from './audit-export.controller.js';
import { AuditCheckpointResolver, AuditProofResolver } from './audit-proof.resolver.js';
import { AuditChangeResolver } from './audit-change.resolver.js';
import { AuditRefusalResolver } from './audit-refusal.resolver.js';
import { AuditResolver } from './audit.resolver.js';
import { CloudEventsController } from './cloudevents.controller.js';
import { CallbackController } from './callback.controller.js';
import { DeadLetterResolver } from './dead-letter.resolver.js';
import { ChannelResolver } from './channel.resolver.js';
import { DeliveryResolver } from './delivery.resolver.js';
import { enumValues } from './enum-values.js';
import { ErasureResolver } from './erasure.resolver.js';
import { ExplanationResolver } from './explanation.resolver.js';
import { withoutEngineText } from './graphql-errors.js';
import { HealthController } from './health.controller.js';
import { CaseChangeResolver } from './case-change.resolver.js';
import { CaseResolver } from './case.resolver.js';
import { IncidentHistoryResolver, PolicyRefResolver } from './incident-history.resolver.js';
import { IncidentChangeResolver } from './incident-change.resolver.js';
import { IncidentResolver } from './incident.resolver.js';
import { ModelGovernanceResolver } from './model-governance.resolver.js';
import { PolicyProposalResolver } from './policy-proposal.resolver.js';
import { ApprovalsResolver } from './approvals.resolver.js';
import { IngestController } from './ingest.controller.js';
import { PeopleResolver } from './people.resolver.js';
import { KeyResolver } from './key.resolver.js';
import { KnownCallers } from './known-callers.js';
import { MissingDoorController } from './missing-door.controller.js';
import { MessageSchemaController } from './message-schema.controller.js';
import { ModelVersionResolver, WindowResolver } from './model-version.resolver.js';
import { ModelChangeResolver } from './model-change.resolver.js';
import { ModelResolver } from './model.resolver.js';
import { NodeResolver } from './node.resolver.js';
import { PolicyResolver } from './policy.resolver.js';
import { ModelCountsResolver } from './model-counts.resolver.js';
import { OpenApiController } from './openapi.controller.js';
import { PolicyVersionsResolver } from './policy-versions.resolver.js';
import { ModelMonitoringResolver } from './model-monitoring.resolver.js';
import { ModelPerformanceResolver } from './model-performance.resolver.js';
import { ModelRetrainingsResolver } from './model-retrainings.resolver.js';
import { RegistryController } from './registry.controller.js';
import { OversightResolver } from './oversight.resolver.js';
import { FiledReportResolver, IncidentReportResolver, SeriousCaseResolver, SeriousFactsResolver, SeriousIncidentResolver } from './serious-incident.resolver.js'; // prettier-ignore
import { LegalHoldResolver, RetentionResolver } from './retention.resolver.js';
import { RetrainingResolver } from './retraining.resolver.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';
import { KeyReach } from './reach.js';
import { RunAccess } from './run-access.js';
import { SCHEMA_FILE, SchemaController } from './schema.controller.js';
import { SilenceResolver } from './silence.resolver.js';
import { UnsubscribeController } from './unsubscribe.controller.js';
import { SlackController } from './slack.controller.js';
import { SubscriptionResolver } from './subscription.resolver.js';
import { SocketGround, SubscriptionSocket } from './subscription-socket.js';
import { SystemResolver } from './system.resolver.js';
import { TakenAlong } from './taken-along.js';
import { TrainingFileController } from './training-file.controller.js';
import { TrainingManifestResolver } from './training-manifest.resolver.js';
import { VerdictResolver } from './verdict.resolver.js';
import { VersionChangeResolver } from './version-change.resolver.js';
import { VersionComparisonResolver } from './version-comparison.resolver.js';
import { WeakSlicesResolver } from './weak-slices.resolver.js';

const RESOLVERS = [
  NodeResolver,
  ModelResolver,
  ModelChangeResolver,
  ModelVersionResolver,
  WindowResolver,
  IncidentResolver,
  IncidentChangeResolver,
  IncidentHistoryResolver,
  PolicyRefResolver,
  ModelGovernanceResolver,
  ApprovalsResolver,
  PolicyProposalResolver,
  CaseResolver,
  CaseChangeResolver,
  SeriousCaseResolver,
  SeriousIncidentResolver,
  SeriousFactsResolver,
  FiledReportResolver,
  IncidentReportResolver,
  OversightResolver,
  AuditProofResolver,
  AuditCheckpointResolver,
  AuditChangeResolver,
  AuditRefusalResolver,
  AuditResolver,
  DeadLetterResolver,
  KeyResolver,
  PeopleResolver,
  ChannelResolver,
  DeliveryResolver,
  PolicyResolver,
  PolicyVersionsResolver,
  RetrainingResolver,
  TrainingManifestResolver,
  VerdictResolver,
  VersionChangeResolver,
  VersionComparisonResolver,
  ModelCountsResolver,
  ModelMonitoringResolver,
  ModelPerformanceResolver,
  WeakSlicesResolver,
  ModelRetrainingsResolver,
  SilenceResolver,
  ErasureResolver,
  LegalHoldResolver,
  RetentionResolver,
  ExplanationResolver,
  SubscriptionResolver,
  SystemResolver,
  DateTimeScalar,
  JsonScalar,
];

/** Nodes come in pages of at most 200, and a model has windows with results: these are what an honest dashboard needs, and no more. */
const LIMITS = {
  maxDepth: { n: 12 },
  maxAliases: { n: 30 },
  // the parser's own limit answers 400, as for any query that is wrong
  maxTokens: { enabled: false },
  costLimit: { maxCost: 20_000, objectCost: 1, scalarCost: 0, depthCostFactor: 1.2 },
};

/** Words and signs of a query. */
const MOST_TOKENS = 1000;

/** HTTP and GraphQL around the parts of a service. */
@Module({})
export class ApiModule {
  static register(log: Log): DynamicModule {
    const armor = new ApolloArmor({ ...LIMITS, blockFieldSuggestion: { enabled: false } }).protect();
    const options: ApolloDriverConfig = {
      driver: ApolloDriver,
      typePaths: [SCHEMA_FILE],
      resolvers: enumValues(readFileSync(SCHEMA_FILE, 'utf8')),
      // The SDL is public at /graphql/schema.graphql; the bundled page would load scripts from elsewhere.
      graphiql: false,
      playground: false,
      introspection: true,
      csrfPrevention: true,
      persistedQueries: false,
      // Two packages type the same plugin interface with different contexts.
      plugins: [...armor.plugins] as unknown as NonNullable<ApolloDriverConfig['plugins']>,
      validationRules: [...armor.validationRules],
      parseOptions: { maxTokens: MOST_TOKENS },
      allowBatchedHttpRequests: false,
      includeStacktraceInErrorResponses: false,
      // a client that guesses keys is told so by its status (429), as over REST
      preserveHttpStatusForExecutionErrors: false,
      formatError: withoutEngineText(log.of('api')),
    };
    return {
      module: ApiModule,
      imports: [GraphQLModule.forRoot<ApolloDriverConfig>(options)],
      controllers: [
        HealthController,
        IngestController,
        CallbackController,
        TrainingFileController,
        AuditExportController,
        SchemaController,
        MessageSchemaController,
        OpenApiController,
        RegistryController,
        SlackController,
        UnsubscribeController,
        CloudEventsController,
        MissingDoorController,
      ],
      providers: [
        KeyReach,
        KnownCallers,
        SocketGround,
        RunAccess,
        TakenAlong,
        { provide: APP_GUARD, useClass: AccessGuard },
        {
          provide: SubscriptionSocket,
          inject: [HttpAdapterHost, GraphQLSchemaHost, SocketGround],
          useFactory: (host: HttpAdapterHost, schema: GraphQLSchemaHost, ground: SocketGround) =>
            new SubscriptionSocket({ host, schema, ground, rules: armor.validationRules }),
        },
        ...RESOLVERS,
      ],
    };
  }
}

// Made from src/api/schema.graphql: node test/schema-types.mjs --write
export type Maybe<T> = T | null;
export type InputMaybe<T> = Maybe<T>;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string };
  String: { input: string; output: string };
  Boolean: { input: boolean; output: boolean };
  Int: { input: number; output: number };
  Float: { input: number; output: number };
  DateTime: { input: Date; output: string };
  JSON: { input: unknown; output: unknown };
};

export type QueryNodeArgs = {
  id: Scalars['ID']['input'];
};

export type QuerySeriousIncidentsArgs = {
  states?: InputMaybe<ReadonlyArray<ReportingState>>;
};

export type QueryIncidentReportArgs = {
  case: Scalars['ID']['input'];
  kind: ReportKind;
  note?: InputMaybe<Scalars['String']['input']>;
};

export type QueryHumanOverridesArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<HumanOverrideFilter>;
};

export type QueryModelsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<ModelFilter>;
};

export type QueryModelArgs = {
  key: Scalars['String']['input'];
};

export type QueryIncidentsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<IncidentFilter>;
};

export type QueryIncidentArgs = {
  id: Scalars['ID']['input'];
  asOf?: InputMaybe<Scalars['DateTime']['input']>;
};

export type QueryCasesArgs = {
  filter?: InputMaybe<CaseFilter>;
};

export type QueryCaseArgs = {
  id: Scalars['ID']['input'];
};

export type QueryWhyNotifiedArgs = {
  delivery: Scalars['ID']['input'];
};

export type QueryWhyNotArgs = {
  model: Scalars['String']['input'];
  check: Scalars['String']['input'];
  feature?: InputMaybe<Scalars['String']['input']>;
  segment?: InputMaybe<Scalars['String']['input']>;
  version?: InputMaybe<Scalars['String']['input']>;
  at: Scalars['DateTime']['input'];
};

export type QuerySilencesArgs = {
  states?: InputMaybe<ReadonlyArray<SilenceState>>;
};

export type QueryLegalHoldsArgs = {
  inForce?: InputMaybe<Scalars['Boolean']['input']>;
};

export type QueryAlertingArgs = {
  model?: InputMaybe<Scalars['String']['input']>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
};

export type QueryAuditEventsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<AuditEventFilter>;
  orderBy?: InputMaybe<AuditOrder>;
};

export type QueryAuditCheckpointsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type QueryAuditChangesArgs = {
  includeReviewed?: InputMaybe<Scalars['Boolean']['input']>;
};

export type QueryAuditProofArgs = {
  seq: Scalars['Int']['input'];
  size?: InputMaybe<Scalars['Int']['input']>;
};

export type QueryAuditConsistencyArgs = {
  older: Scalars['Int']['input'];
  size?: InputMaybe<Scalars['Int']['input']>;
};

export type QueryApprovalsArgs = {
  states?: InputMaybe<ReadonlyArray<ApprovalState>>;
};

export type QueryApprovalArgs = {
  id: Scalars['ID']['input'];
};

export type QueryDeadLettersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<DeadLetterFilter>;
};

export type QueryDeadLetterCountsArgs = {
  filter?: InputMaybe<DeadLetterFilter>;
};

export type QueryDeadLetterArgs = {
  topic: Scalars['String']['input'];
  partition: Scalars['Int']['input'];
  offset: Scalars['String']['input'];
};

export type QueryDeliveriesArgs = {
  states?: InputMaybe<ReadonlyArray<DeliveryState>>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type QueryPlatformArgs = {
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type QueryRetrainingsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
  filter?: InputMaybe<RetrainingFilter>;
};

export type QueryRetrainingArgs = {
  id: Scalars['ID']['input'];
};

export type QueryWhyNotTrainedArgs = {
  model: Scalars['String']['input'];
};

export type QueryRetrainingPreviewArgs = {
  model: Scalars['String']['input'];
};

export type QueryTrainingManifestArgs = {
  model: Scalars['String']['input'];
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type QueryVerdictRecomputeArgs = {
  model: Scalars['String']['input'];
  version: Scalars['String']['input'];
  from: Scalars['DateTime']['input'];
};

export type QueryPoliciesArgs = {
  asOf?: InputMaybe<Scalars['DateTime']['input']>;
};

export type QueryPolicyVersionsArgs = {
  id: Scalars['ID']['input'];
};

export type QueryPolicyProposalsArgs = {
  id?: InputMaybe<Scalars['ID']['input']>;
};

export type QueryPolicyDryRunArgs = {
  input: PolicyDryRunInput;
};

export type SubscriptionCaseChangedArgs = {
  model?: InputMaybe<Scalars['String']['input']>;
};

export type SubscriptionRetrainingChangedArgs = {
  model?: InputMaybe<Scalars['String']['input']>;
};

export type SubscriptionWindowJudgedArgs = {
  model: Scalars['String']['input'];
};

export type MutationModelRegisterArgs = {
  input: ModelRegisterInput;
};

export type MutationBaselinePinArgs = {
  input: BaselinePinInput;
};

export type MutationSegmentAdoptArgs = {
  input: SegmentAdoptInput;
};

export type MutationModelVersionRegisterArgs = {
  input: ModelVersionRegisterInput;
};

export type MutationModelVersionStageChangeArgs = {
  input: ModelVersionStageChangeInput;
};

export type MutationIncidentAcknowledgeArgs = {
  input: IncidentAcknowledgeInput;
};

export type MutationIncidentCloseArgs = {
  input: IncidentCloseInput;
};

export type MutationCaseAcknowledgeArgs = {
  input: CaseAcknowledgeInput;
};

export type MutationCaseAssignArgs = {
  input: CaseAssignInput;
};

export type MutationCaseNoteArgs = {
  input: CaseNoteInput;
};

export type MutationCaseCloseArgs = {
  input: CaseCloseInput;
};

export type MutationSilenceCreateArgs = {
  input: SilenceCreateInput;
};

export type MutationSilenceExpireArgs = {
  input: SilenceExpireInput;
};

export type MutationLegalHoldPlaceArgs = {
  input: LegalHoldPlaceInput;
};

export type MutationLegalHoldReleaseArgs = {
  input: LegalHoldReleaseInput;
};

export type MutationSubjectEraseArgs = {
  input: SubjectEraseInput;
};

export type MutationSeriousIncidentDeclareArgs = {
  input: SeriousIncidentDeclareInput;
};

export type MutationSeriousIncidentWithdrawArgs = {
  input: SeriousIncidentWithdrawInput;
};

export type MutationIncidentReportFileArgs = {
  input: IncidentReportFileInput;
};

export type MutationMonitoringRunRecordArgs = {
  input: MonitoringRunRecordInput;
};

export type MutationOverrideRecordArgs = {
  input: OverrideRecordInput;
};

export type MutationCaseNormalArgs = {
  input: CaseNormalInput;
};

export type MutationCaseReopenArgs = {
  input: CaseReopenInput;
};

export type MutationKeyCreateArgs = {
  input: KeyCreateInput;
};

export type MutationKeyRevokeArgs = {
  input: KeyRevokeInput;
};

export type MutationPersonEraseArgs = {
  input: PersonEraseInput;
};

export type MutationPolicyProposeArgs = {
  input: PolicyProposeInput;
};

export type MutationApprovalDecideArgs = {
  input: ApprovalDecideInput;
};

export type MutationApprovalWithdrawArgs = {
  input: ApprovalWithdrawInput;
};

export type MutationRetrainingRequestArgs = {
  input: RetrainingRequestInput;
};

export type MutationRetrainingApproveArgs = {
  input: RetrainingApproveInput;
};

export type MutationRetrainingRejectArgs = {
  input: RetrainingRejectInput;
};

export type MutationRetrainingCancelArgs = {
  input: RetrainingCancelInput;
};

export type MutationRetrainingBreakerResetArgs = {
  input: RetrainingBreakerResetInput;
};

export type MutationDeadLetterReplayArgs = {
  input: DeadLetterReplayInput;
};

export type MutationDeliveryReplayArgs = {
  input: DeliveryReplayInput;
};

export type MutationDeliveriesReplayArgs = {
  input: DeliveriesReplayInput;
};

export type MutationDestinationTestArgs = {
  input: DestinationTestInput;
};

export type MutationDestinationEnableArgs = {
  input: DestinationEnableInput;
};

export type MutationAuditRefusalsReviewArgs = {
  input: AuditRefusalsReviewInput;
};

export type MutationAuditChangesReviewArgs = {
  input: AuditChangesReviewInput;
};

export type ModelTask = 'binary' | 'multiclass' | 'regression';

export type RiskTier = 'LOW' | 'MEDIUM' | 'HIGH';

export type ModelStage =
  'registered' | 'shadow' | 'canary' | 'champion' | 'challenger' | 'retired' | 'suspended';

export type FourFifths = 'MET' | 'NOT_PROVED' | 'BELOW' | 'TOO_FEW' | 'UNKNOWN';

export type ResidencyRefusalsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type ModelFilter = {
  readonly keyIn?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly riskTier?: InputMaybe<RiskTier>;
  readonly task?: InputMaybe<ModelTask>;
  readonly owner?: InputMaybe<Scalars['String']['input']>;
  readonly hasOwner?: InputMaybe<Scalars['Boolean']['input']>;
  readonly isReviewOverdue?: InputMaybe<Scalars['Boolean']['input']>;
  readonly isUndoneByFile?: InputMaybe<Scalars['Boolean']['input']>;
};

export type ModelDeploymentsArgs = {
  asOf?: InputMaybe<Scalars['DateTime']['input']>;
};

export type ModelOverrideCountArgs = {
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type ModelFairnessArgs = {
  version?: InputMaybe<Scalars['String']['input']>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type ModelUnknownPredictionsArgs = {
  ids: ReadonlyArray<Scalars['String']['input']>;
};

export type ModelCountsArgs = {
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type ModelWindowsArgs = {
  version?: InputMaybe<Scalars['String']['input']>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type ModelIncidentsArgs = {
  states?: InputMaybe<ReadonlyArray<IncidentState>>;
};

export type ModelPerformanceArgs = {
  version?: InputMaybe<Scalars['String']['input']>;
  segment?: InputMaybe<Scalars['String']['input']>;
  metric?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type ModelExpectationsArgs = {
  version?: InputMaybe<Scalars['String']['input']>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
  examples?: InputMaybe<Scalars['Int']['input']>;
};

export type ModelSegmentsArgs = {
  version?: InputMaybe<Scalars['String']['input']>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type ModelWeakSlicesArgs = {
  version?: InputMaybe<Scalars['String']['input']>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
  pairs?: InputMaybe<Scalars['Boolean']['input']>;
};

export type ModelConfusionArgs = {
  version?: InputMaybe<Scalars['String']['input']>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type ModelServiceArgs = {
  version?: InputMaybe<Scalars['String']['input']>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type ModelSlowestArgs = {
  version?: InputMaybe<Scalars['String']['input']>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type ModelSlowCallsArgs = {
  version?: InputMaybe<Scalars['String']['input']>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
  aboveMs?: InputMaybe<Scalars['Float']['input']>;
  first?: InputMaybe<Scalars['Int']['input']>;
};

export type ModelCompareArgs = {
  version: Scalars['String']['input'];
  to?: InputMaybe<Scalars['String']['input']>;
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type ModelRetrainingsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after?: InputMaybe<Scalars['String']['input']>;
};

export type MonitoringState = 'NO_DATA' | 'LEARNING' | 'PARTLY' | 'JUDGING' | 'CANNOT_JUDGE' | 'SUSPENDED';

export type CheckState =
  'OK' | 'NOTICE' | 'ALERT' | 'INSUFFICIENT' | 'INDETERMINATE' | 'LEARNING' | 'NOT_APPLICABLE' | 'NOT_JUDGED';

export type WindowResultsArgs = {
  feature?: InputMaybe<Scalars['String']['input']>;
  check?: InputMaybe<Scalars['String']['input']>;
};

export type IncidentState = 'OPEN' | 'ACKNOWLEDGED' | 'RECOVERING' | 'CLOSED';

export type Severity = 'info' | 'warning' | 'critical';

export type CloseReason = 'recovered' | 'withdrawn' | 'manual' | 'superseded';

export type IncidentFilter = {
  readonly riskTier?: InputMaybe<RiskTier>;
  readonly states?: InputMaybe<ReadonlyArray<IncidentState>>;
  readonly severities?: InputMaybe<ReadonlyArray<Severity>>;
  readonly model?: InputMaybe<Scalars['String']['input']>;
  readonly version?: InputMaybe<Scalars['String']['input']>;
  readonly feature?: InputMaybe<Scalars['String']['input']>;
  readonly segment?: InputMaybe<Scalars['String']['input']>;
  readonly check?: InputMaybe<Scalars['String']['input']>;
  readonly since?: InputMaybe<Scalars['DateTime']['input']>;
  readonly until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type IncidentStoryArgs = {
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type CaseState = 'OPEN' | 'CLOSED';

export type CaseFilter = {
  readonly model?: InputMaybe<Scalars['String']['input']>;
  readonly state?: InputMaybe<CaseState>;
};

export type SeriousClass = 'HARM' | 'DEATH' | 'WIDESPREAD' | 'CRITICAL_INFRASTRUCTURE';

export type ReportKind = 'INTERIM' | 'FINAL';

export type ReportingState = 'RUNNING' | 'INTERIM' | 'OVERDUE' | 'DONE' | 'WITHDRAWN';

export type SeriousIncidentDeclareInput = {
  readonly case: Scalars['ID']['input'];
  readonly class: SeriousClass;
  readonly awareAt?: InputMaybe<Scalars['DateTime']['input']>;
  readonly reason: Scalars['String']['input'];
};

export type SeriousIncidentWithdrawInput = {
  readonly case: Scalars['ID']['input'];
  readonly reason: Scalars['String']['input'];
};

export type IncidentReportFileInput = {
  readonly case: Scalars['ID']['input'];
  readonly kind: ReportKind;
  readonly recipients: ReadonlyArray<Scalars['String']['input']>;
  readonly note?: InputMaybe<Scalars['String']['input']>;
  readonly finalDueAt?: InputMaybe<Scalars['DateTime']['input']>;
};

export type MonitoringRunRecordInput = {
  readonly model: Scalars['String']['input'];
  readonly note: Scalars['String']['input'];
};

export type HumanOverrideFilter = {
  readonly model?: InputMaybe<Scalars['String']['input']>;
  readonly predictionId?: InputMaybe<Scalars['String']['input']>;
  readonly subject?: InputMaybe<Scalars['String']['input']>;
  readonly reviewer?: InputMaybe<Scalars['String']['input']>;
  readonly since?: InputMaybe<Scalars['DateTime']['input']>;
  readonly until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type OverrideRecordInput = {
  readonly model: Scalars['String']['input'];
  readonly version?: InputMaybe<Scalars['String']['input']>;
  readonly predictionId: Scalars['String']['input'];
  readonly subject?: InputMaybe<Scalars['String']['input']>;
  readonly decided: Scalars['String']['input'];
  readonly outcome: Scalars['String']['input'];
  readonly reason: Scalars['String']['input'];
  readonly reviewer?: InputMaybe<Scalars['String']['input']>;
};

export type RootCause =
  | 'UPSTREAM_DATA'
  | 'REAL_DRIFT_RETRAINED'
  | 'REAL_DRIFT_ACCEPTED'
  | 'MODEL_BUG'
  | 'EXPECTED_SEASONAL'
  | 'THRESHOLD_NOISE'
  | 'UNKNOWN';

export type CaseAcknowledgeInput = {
  readonly id: Scalars['ID']['input'];
};

export type CaseAssignInput = {
  readonly id: Scalars['ID']['input'];
  readonly to?: InputMaybe<Scalars['String']['input']>;
};

export type CaseNoteInput = {
  readonly id: Scalars['ID']['input'];
  readonly note: Scalars['String']['input'];
};

export type CaseCloseInput = {
  readonly id: Scalars['ID']['input'];
  readonly rootCause?: InputMaybe<RootCause>;
  readonly note?: InputMaybe<Scalars['String']['input']>;
};

export type CaseReopenInput = {
  readonly id: Scalars['ID']['input'];
  readonly reason: Scalars['String']['input'];
};

export type CaseNormalInput = {
  readonly id: Scalars['ID']['input'];
  readonly reason: Scalars['String']['input'];
  readonly checks?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

export type TellingCause =
  | 'NOTIFIED'
  | 'NO_DATA'
  | 'NO_FINDING'
  | 'LEARNING'
  | 'TOO_FEW_ROWS'
  | 'NOT_JUDGED'
  | 'SILENCED'
  | 'MAINTENANCE'
  | 'EXPLAINED'
  | 'FLAPPING'
  | 'DRY_RUN'
  | 'BUDGET'
  | 'DEBOUNCE'
  | 'MESSAGE_BUDGET'
  | 'QUIET_HOURS'
  | 'ROUTE'
  | 'ENVIRONMENT'
  | 'STAGE'
  | 'NOT_IN_POLICY'
  | 'NOT_DELIVERED';

export type RetentionDeletionsArgs = {
  first: Scalars['Int']['input'];
};

export type RetentionDeletedByClassArgs = {
  since?: InputMaybe<Scalars['DateTime']['input']>;
  until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type LegalHoldPlaceInput = {
  readonly model?: InputMaybe<Scalars['String']['input']>;
  readonly since?: InputMaybe<Scalars['DateTime']['input']>;
  readonly until?: InputMaybe<Scalars['DateTime']['input']>;
  readonly subject?: InputMaybe<Scalars['String']['input']>;
  readonly reason: Scalars['String']['input'];
};

export type LegalHoldReleaseInput = {
  readonly id: Scalars['ID']['input'];
  readonly reason: Scalars['String']['input'];
};

export type ErasureState = 'PROPOSED' | 'RUNNING' | 'DONE' | 'REFUSED';

export type SubjectEraseInput = {
  readonly subject: Scalars['String']['input'];
  readonly reason: Scalars['String']['input'];
  readonly dryRun?: InputMaybe<Scalars['Boolean']['input']>;
  readonly evenIfAbsent?: InputMaybe<Scalars['Boolean']['input']>;
};

export type ErasureOutlookDecision = 'go' | 'second_person' | 'held' | 'going' | 'done' | 'absent';

export type SilenceState = 'PENDING' | 'ACTIVE' | 'EXPIRED';

export type MatcherInput = {
  readonly name: Scalars['String']['input'];
  readonly value: Scalars['String']['input'];
  readonly equal: Scalars['Boolean']['input'];
};

export type SilenceCreateInput = {
  readonly matchers: ReadonlyArray<MatcherInput>;
  readonly startsAt?: InputMaybe<Scalars['DateTime']['input']>;
  readonly endsAt: Scalars['DateTime']['input'];
  readonly comment: Scalars['String']['input'];
};

export type SilenceExpireInput = {
  readonly id: Scalars['ID']['input'];
};

export type OrderDirection = 'ASC' | 'DESC';

export type AuditOrder = {
  readonly direction: OrderDirection;
};

export type ActionOutcome = 'DONE' | 'REFUSED' | 'FAILED';

export type AuditEventFilter = {
  readonly actions?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly actorId?: InputMaybe<Scalars['ID']['input']>;
  readonly actor?: InputMaybe<Scalars['String']['input']>;
  readonly peopleOnly?: InputMaybe<Scalars['Boolean']['input']>;
  readonly model?: InputMaybe<Scalars['String']['input']>;
  readonly outcome?: InputMaybe<ActionOutcome>;
  readonly subjectType?: InputMaybe<Scalars['String']['input']>;
  readonly subjectId?: InputMaybe<Scalars['String']['input']>;
  readonly text?: InputMaybe<Scalars['String']['input']>;
  readonly since?: InputMaybe<Scalars['DateTime']['input']>;
  readonly until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type AuditRefusalsReviewInput = {
  readonly note: Scalars['String']['input'];
};

export type AuditChangesReviewInput = {
  readonly note: Scalars['String']['input'];
};

export type AuditCheckState = 'CHECKED' | 'BEING_CHECKED' | 'BROKEN';

export type DeadLetterFilter = {
  readonly model?: InputMaybe<Scalars['String']['input']>;
  readonly codes?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly topic?: InputMaybe<Scalars['String']['input']>;
  readonly since?: InputMaybe<Scalars['DateTime']['input']>;
  readonly until?: InputMaybe<Scalars['DateTime']['input']>;
  readonly replayed?: InputMaybe<Scalars['Boolean']['input']>;
};

export type DeliveryState =
  'queued' | 'attempting' | 'retry' | 'ambiguous' | 'delivered' | 'dead' | 'superseded';

export type HeldFor = 'budget' | 'quiet';

export type DeliveryReplayInput = {
  readonly id: Scalars['ID']['input'];
};

export type DeliveriesReplayInput = {
  readonly destination?: InputMaybe<Scalars['ID']['input']>;
  readonly since?: InputMaybe<Scalars['DateTime']['input']>;
  readonly until?: InputMaybe<Scalars['DateTime']['input']>;
};

export type DestinationState = 'untried' | 'works' | 'failing' | 'closed';

export type DestinationTestInput = {
  readonly destination: Scalars['ID']['input'];
};

export type DestinationEnableInput = {
  readonly destination: Scalars['ID']['input'];
  readonly note: Scalars['String']['input'];
};

export type MetricBasis = 'REALISED' | 'CORRECTED' | 'ESTIMATED';

export type SlowLimit = 'ASKED' | 'TARGET' | 'REFERENCE' | 'STRETCH';

export type ModelRegisterInput = {
  readonly model?: InputMaybe<Scalars['JSON']['input']>;
  readonly yaml?: InputMaybe<Scalars['String']['input']>;
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

export type SegmentAdoptInput = {
  readonly model: Scalars['String']['input'];
  readonly key: Scalars['String']['input'];
};

export type BaselinePinInput = {
  readonly model: Scalars['String']['input'];
  readonly version?: InputMaybe<Scalars['String']['input']>;
  readonly since?: InputMaybe<Scalars['DateTime']['input']>;
  readonly until?: InputMaybe<Scalars['DateTime']['input']>;
  readonly file?: InputMaybe<Scalars['String']['input']>;
  readonly timestamp?: InputMaybe<Scalars['String']['input']>;
  readonly columns?: InputMaybe<Scalars['JSON']['input']>;
  readonly timezone?: InputMaybe<Scalars['String']['input']>;
  readonly reason?: InputMaybe<Scalars['String']['input']>;
};

export type ModelVersionRegisterInput = {
  readonly model: Scalars['String']['input'];
  readonly version: Scalars['String']['input'];
  readonly stage?: InputMaybe<ModelStage>;
  readonly reason?: InputMaybe<Scalars['String']['input']>;
  readonly record?: InputMaybe<Scalars['JSON']['input']>;
};

export type ModelVersionStageChangeInput = {
  readonly model: Scalars['String']['input'];
  readonly version: Scalars['String']['input'];
  readonly stage: ModelStage;
  readonly reason: Scalars['String']['input'];
};

export type IncidentAcknowledgeInput = {
  readonly id: Scalars['ID']['input'];
};

export type IncidentCloseInput = {
  readonly id: Scalars['ID']['input'];
  readonly reason: Scalars['String']['input'];
};

export type KeyScope = 'ingest' | 'read' | 'operate' | 'admin';

export type Role =
  'viewer' | 'analyst' | 'operator' | 'model_owner' | 'validator' | 'auditor' | 'admin' | 'ingest';

export type KeyCreateInput = {
  readonly name: Scalars['String']['input'];
  readonly scopes?: InputMaybe<ReadonlyArray<KeyScope>>;
  readonly role?: InputMaybe<Role>;
  readonly owner?: InputMaybe<Scalars['String']['input']>;
  readonly expiresAt?: InputMaybe<Scalars['DateTime']['input']>;
  readonly models?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly environments?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
  readonly liesIn?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

export type KeyRevokeInput = {
  readonly id: Scalars['ID']['input'];
  readonly reason: Scalars['String']['input'];
};

export type DeadLetterReplayInput = {
  readonly filter?: InputMaybe<DeadLetterFilter>;
};

export type PolicyProposalState =
  'DRAFT' | 'DECLINED' | 'EXPIRED' | 'WITHDRAWN' | 'SCHEDULED' | 'ACTIVE' | 'SUPERSEDED';

export type PolicyProposeInput = {
  readonly yaml: Scalars['String']['input'];
  readonly reason: Scalars['String']['input'];
  readonly activeFrom?: InputMaybe<Scalars['DateTime']['input']>;
  readonly days: Scalars['Float']['input'];
};

export type PolicyDryRunInput = {
  readonly yaml: Scalars['String']['input'];
  readonly file?: InputMaybe<Scalars['String']['input']>;
  readonly days: Scalars['Float']['input'];
  readonly models?: InputMaybe<ReadonlyArray<Scalars['String']['input']>>;
};

export type WouldBeKind = 'opened' | 'escalated' | 'reopened';

export type RetrainingState =
  | 'DEFERRED'
  | 'RECOMMENDED'
  | 'PROPOSED'
  | 'APPROVED'
  | 'REQUESTED'
  | 'ACCEPTED'
  | 'RUNNING'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'REJECTED'
  | 'CANCELLED'
  | 'TIMED_OUT'
  | 'PROVED'
  | 'DISPROVED';

export type RetrainingCauseKind = 'incident' | 'schedule' | 'manual';

export type RetrainingFilter = {
  readonly model?: InputMaybe<Scalars['String']['input']>;
  readonly states?: InputMaybe<ReadonlyArray<RetrainingState>>;
};

export type RetrainingVerdict =
  'approved' | 'rejected' | 'cancelled' | 'promotion_approved' | 'promotion_rejected';

export type PromotionState = 'PROPOSED' | 'APPROVED' | 'DECLINED';

export type RetrainingRequestInput = {
  readonly model: Scalars['String']['input'];
  readonly incidents?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly reason: Scalars['String']['input'];
};

export type RetrainingApproveInput = {
  readonly id: Scalars['ID']['input'];
  readonly note?: InputMaybe<Scalars['String']['input']>;
};

export type RetrainingRejectInput = {
  readonly id: Scalars['ID']['input'];
  readonly note: Scalars['String']['input'];
};

export type RetrainingCancelInput = {
  readonly id: Scalars['ID']['input'];
  readonly note: Scalars['String']['input'];
};

export type VersionAdvice = 'PROMOTE' | 'KEEP' | 'ROLL_BACK' | 'WAIT';

export type RetrainingBreakerResetInput = {
  readonly model: Scalars['String']['input'];
  readonly note: Scalars['String']['input'];
};

export type PersonEraseInput = {
  readonly id: Scalars['ID']['input'];
  readonly reason: Scalars['String']['input'];
};

export type ApprovalKind =
  | 'TRAINING'
  | 'PROMOTION'
  | 'POLICY'
  | 'RISK_TIER'
  | 'OWNER'
  | 'OVERSIGHT'
  | 'BASELINE'
  | 'CLOSE'
  | 'SERIOUS';

export type ApprovalState = 'PENDING' | 'APPROVED' | 'DECLINED' | 'EXPIRED' | 'WITHDRAWN';

export type ApprovalAnswer = 'APPROVE' | 'DECLINE';

export type ApprovalDecideInput = {
  readonly id: Scalars['ID']['input'];
  readonly decision: ApprovalAnswer;
  readonly note?: InputMaybe<Scalars['String']['input']>;
  readonly hash?: InputMaybe<Scalars['String']['input']>;
};

export type ApprovalWithdrawInput = {
  readonly id: Scalars['ID']['input'];
  readonly reason: Scalars['String']['input'];
};

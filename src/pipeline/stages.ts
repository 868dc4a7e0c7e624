import type { AlarmBudget } from '../checks/budget.js';
import type { Maker } from '../domain/person.js';
import type { Clock } from '../domain/clock.js';
import type { CaseFiles } from '../incidents/case-files.js';
import type { Incidents } from '../incidents/incidents.js';
import type { Openings } from '../incidents/openings.js';
import type { SeriousIncidents } from '../incidents/serious-incidents.js';
import type { Silences } from '../incidents/silences.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Refusals } from '../ledger/refusals.js';
import type { Deliveries } from '../notify/deliveries.js';
import type { KnownPeople } from '../notify/people.js';
import type { FaultOf } from '../notify/channel-health.js';
import type { Channels } from '../notify/destination.js';
import type { Weekly } from '../notify/parse-weekly.js';
import type { Route } from '../notify/routes.js';
import type { ApprovalRules } from '../approvals/approval-rules.js';
import type { Approvals } from '../approvals/approvals.js';
import type { ActivePolicies } from '../policies/active-policies.js';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import type { Arrivals } from '../profiles/arrivals.js';
import type { BaselineRepository } from '../profiles/baseline.repository.js';
import type { Classifiers } from '../profiles/classifiers.js';
import type { DirtyMinuteScan } from '../profiles/dirty-minutes.js';
import type { Outcomes } from '../profiles/outcomes.js';
import type { Profiles } from '../profiles/profiles.js';
import type { SetProfiles } from '../profiles/set-profiles.js';
import type { Reconciliation } from '../profiles/reconciliation.js';
import type { MeasuredSince } from '../profiles/unmeasured-minutes.js';
import type { Descriptions } from '../registry/descriptions.js';
import type { MonitoringRuns } from '../registry/monitoring-runs.js';
import type { Overrides } from '../registry/overrides.js';
import type { Registry } from '../registry/registry.js';
import type { Residency } from '../registry/residency.js';
import type { ResidencyRefusals } from '../registry/residency-refusals.js';
import type { LegalHolds } from '../records/legal-holds.js';
import type { Erasures } from '../records/erasures.js';
import type { RetrainingGuards } from '../retraining/guards.js';
import type { Replicas } from '../replicas/replicas.js';
import type { NewLabels } from '../retraining/new-labels.js';
import type { Retrainings } from '../retraining/retrainings.js';
import type { Database } from '../store/database.js';
import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import type { ChangedWindows } from '../windows/changed-windows.js';
import type { SuspectDays } from '../windows/suspect-days.js';
import type { RecordedWindows } from '../windows/recorded-windows.js';
import type { WindowBook } from '../windows/window-book.js';
import type { WindowTotals } from '../windows/window-totals.js';
import type { WindowRepository } from '../windows/window.repository.js';
import type { Changes } from './changes.js';
import type { Clicks } from './clicks.js';
import type { JudgementRepository } from './judgement.repository.js';
import type { MonitoringRepository } from './monitoring.repository.js';
import type { Backlog } from './backlog.js';
import type { ModelFaults } from './model-faults.js';
import type { Outbox } from './outbox.js';
import type { OwnLook } from './own-reference.js';
import type { SlackAnswer } from '../notify/slack-normal-form.js';
import type { References } from './reference.js';
import type { RunWatch } from './run-watch.js';
import type { TrainingFiles } from './training-files.js';
import type { TrainingManifests } from './training-manifests.js';
import type { WindowsWithout } from './windows-without.js';

/** Every stage the spine leads through, put together in service.ts. */
export interface Stages {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly ledger: Ledger;
  /** Rows of the ledger that are not this service's. */
  readonly refusals: Refusals;
  /** Persons who were erased, by a keyed hash. */
  readonly erasures: Erasures;
  /** What may not be deleted. */
  readonly legalHolds: LegalHolds;
  readonly registry: Registry;
  /** Whose models were since when. */
  readonly descriptions: Descriptions;
  /** Which data has to stay where, and what was refused for that. */
  readonly residency: Residency;
  readonly residencyRefusals: ResidencyRefusals;
  /** This process among those that work on the same store. */
  readonly replicas: Replicas;
  readonly scan: DirtyMinuteScan;
  readonly reconciliation: Reconciliation;
  readonly profiles: Profiles;
  /** Minutes of many models at once. */
  readonly setProfiles: SetProfiles;
  /** Labels that speak of no prediction, and clocks that are off. */
  readonly arrivals: Arrivals;
  readonly monitoringSaid: MonitoringRepository;
  readonly outcomes: Outcomes;
  readonly classifiers: Classifiers;
  readonly baselines: BaselineRepository;
  readonly references: References;
  readonly book: WindowBook;
  readonly windows: WindowRepository;
  readonly windowTotals: WindowTotals;
  readonly recorded: RecordedWindows;
  /** Judged windows whose rows were found to be others than they were. */
  readonly changedWindows: ChangedWindows;
  /** Days that are looked at before any others. */
  readonly suspectDays: SuspectDays;
  readonly judgements: JudgementRepository;
  /** In force now; the same list until one changes. */
  readonly policies: readonly CompiledPolicy[];
  /** Which policies there were, are, and are proposed. */
  readonly policyBook: ActivePolicies;
  /** What people were asked to agree to, and how many must. */
  readonly approvals: Approvals;
  readonly approvalRules: ApprovalRules;
  /** The person an actor id stands for. */
  readonly personOf: (actorId: string) => string;
  /** Who made the key that an actor id stands for; nobody of who signed in, or of keys that the machine's operator made. */
  readonly makersOf: (actorId: string) => readonly Maker[];
  readonly incidents: Incidents;
  /** What people did about cases. */
  readonly caseFiles: CaseFiles;
  /** Cases that people said to be serious incidents. */
  readonly seriousIncidents: SeriousIncidents;
  /** When people went through monitoring plans. */
  readonly monitoringRuns: MonitoringRuns;
  /** Decisions of models that people overrode. */
  readonly overrides: Overrides;
  readonly silences: Silences;
  readonly openings: Openings;
  readonly deliveries: Deliveries;
  /** The channels file: why it is not in force as it is written now, why nothing can arrive where it leads, and another look at it. */
  readonly channelFile: {
    readonly problem: string | null;
    readonly faultOf: FaultOf;
    /** Asks Slack whether its channels are there. */
    readonly look: (now: Date) => Promise<void>;
    readonly refresh: () => void;
  };
  readonly channels: Channels;
  /** Who hears of what. */
  readonly routes: readonly Route[];
  /** When a week is told; null where it is not. */
  readonly weekly: Weekly | null;
  /** Who may act from Slack. */
  readonly people: KnownPeople;
  readonly clicks: Clicks;
  /** Who follows what people look at. */
  readonly changes: Changes;
  /** Answers a person where they clicked; what goes wrong with it is logged. */
  readonly reply: (url: string, answer: SlackAnswer) => void;
  readonly retrainings: Retrainings;
  readonly guards: RetrainingGuards;
  /** What trainings learn from, and its files. */
  readonly manifests: TrainingManifests;
  readonly trainingFiles: TrainingFiles;
  /** Labels that came since a model was last trained. */
  readonly newLabels: NewLabels;
  /** Windows that versions which trainings made have answered without the problem they were trained for. */
  readonly windowsWithout: WindowsWithout;
  /** Signs what comes back to this service without a key. */
  readonly callbackSecret: string;
  /** SHA-256 of the token that lets a training job report about its run. */
  readonly tokenHash: (retrainingId: string) => string;
  readonly outbox: Outbox;
  /** How far versions are that are to have a reference of their own, by model and version. */
  readonly ownLooks: Map<string, OwnLook>;
  /** Up to when labels were in when those of a version were last counted, by model, version and reference; epoch milliseconds. */
  readonly calibrationLooks: Map<string, number>;
  /** From when on what people wrote into model files is measured, by model, version and track. */
  readonly measuredSince: Map<string, MeasuredSince>;
  /** When the version that a training run made was last compared, by the run's id; epoch milliseconds. */
  readonly comparedAt: Map<string, number>;
  /** Asks after training runs at their orchestrators. */
  readonly runWatch: RunWatch;
  readonly budget: Omit<AlarmBudget, 'share'>;
  /** What fails for one model while the others go on. */
  readonly faults: ModelFaults;
  /** What of models waits to be summed. */
  readonly backlog: Backlog;
  /** The name of whoever an actor id stands for. */
  readonly nameOf: (actor: string) => string;
  readonly baseUrl: string;
  /** Where relative `baseline.file` are looked for. */
  readonly referenceFolders: readonly string[];
}

/** What of it whoever freezes beside a reference what labels taught needs. */
export type LearningParts = Pick<
  Stages,
  'baselines' | 'clock' | 'database' | 'ledger' | 'log' | 'profiles' | 'references' | 'registry' | 'replicas'
>;

import { approvalRules } from './approvals/approval-rules.js';
import type { Config } from './config/config.js';
import { Approvals } from './approvals/approvals.js';
import { CaseFiles } from './incidents/case-files.js';
import { Incidents } from './incidents/incidents.js';
import { Openings } from './incidents/openings.js';
import { SeriousIncidents } from './incidents/serious-incidents.js';
import { Silences } from './incidents/silences.js';
import { AuditReads } from './ledger/audit-reads.js';
import { Refusals } from './ledger/refusals.js';
import { Deliveries } from './notify/deliveries.js';
import { Changes } from './pipeline/changes.js';
import { Clicks } from './pipeline/clicks.js';
import type { Stages } from './pipeline/stages.js';
import { ActivePolicies } from './policies/active-policies.js';
import type { Maintenance } from './incidents/maintenance.js';
import { Erasures } from './records/erasures.js';
import { LegalHolds } from './records/legal-holds.js';
import { Descriptions } from './registry/descriptions.js';
import { ErasedPeople } from './registry/erased-people.js';
import { Keys } from './registry/keys.js';
import { MonitoringRuns } from './registry/monitoring-runs.js';
import { Overrides } from './registry/overrides.js';
import { Registry } from './registry/registry.js';
import { Residency } from './registry/residency.js';
import { ResidencyRefusals } from './registry/residency-refusals.js';
import { Sessions } from './registry/sessions.js';
import { Membership } from './replicas/membership.js';
import { Retrainings } from './retraining/retrainings.js';
import { ChangedWindows } from './windows/changed-windows.js';
import { SuspectDays } from './windows/suspect-days.js';
import { RecordedWindows } from './windows/recorded-windows.js';

/** The control plane's folds, all fed from one log. */
export interface Folds {
  readonly registry: Registry;
  readonly descriptions: Descriptions;
  readonly keys: Keys;
  readonly sessions: Sessions;
  readonly erasedPeople: ErasedPeople;
  readonly incidents: Incidents;
  readonly caseFiles: CaseFiles;
  readonly silences: Silences;
  readonly openings: Openings;
  readonly clicks: Clicks;
  readonly deliveries: Deliveries;
  readonly retrainings: Retrainings;
  readonly policies: ActivePolicies;
  readonly approvals: Approvals;
  readonly recorded: RecordedWindows;
  readonly changedWindows: ChangedWindows;
  readonly suspectDays: SuspectDays;
  readonly membership: Membership;
  readonly refusals: Refusals;
  readonly auditReads: AuditReads;
  readonly erasures: Erasures;
  readonly legalHolds: LegalHolds;
  readonly residencyRefusals: ResidencyRefusals;
  readonly seriousIncidents: SeriousIncidents;
  readonly monitoringRuns: MonitoringRuns;
  readonly overrides: Overrides;
  /** Last: who listens finds the others up to date. */
  readonly changes: Changes;
}

/** The folds before the first entry. */
export function newFolds(maintenance: () => readonly Maintenance[]): Folds {
  return {
    registry: new Registry(),
    descriptions: new Descriptions(),
    keys: new Keys(),
    sessions: new Sessions(),
    erasedPeople: new ErasedPeople(),
    incidents: new Incidents(),
    caseFiles: new CaseFiles(),
    silences: new Silences(maintenance),
    openings: new Openings(),
    clicks: new Clicks(),
    deliveries: new Deliveries(),
    retrainings: new Retrainings(),
    policies: new ActivePolicies(),
    approvals: new Approvals(),
    recorded: new RecordedWindows(),
    changedWindows: new ChangedWindows(),
    suspectDays: new SuspectDays(),
    membership: new Membership(),
    refusals: new Refusals(),
    auditReads: new AuditReads(),
    erasures: new Erasures(),
    legalHolds: new LegalHolds(),
    residencyRefusals: new ResidencyRefusals(),
    seriousIncidents: new SeriousIncidents(),
    monitoringRuns: new MonitoringRuns(),
    overrides: new Overrides(),
    changes: new Changes(),
  };
}

type Folded = 'registry' | 'incidents' | 'caseFiles' | 'silences' | 'openings' | 'clicks' | 'deliveries' | 'retrainings' | 'recorded' | 'changedWindows' | 'suspectDays' | 'refusals' | 'erasures' | 'legalHolds' | 'seriousIncidents' | 'monitoringRuns' | 'overrides' | 'changes'; // prettier-ignore

/** The folds that the stages work with. */
export function stagesOf(folds: Folds): Pick<Stages, Folded> {
  const { registry, incidents, caseFiles, silences, openings, clicks, deliveries, retrainings, recorded, changedWindows, suspectDays, refusals, erasures, legalHolds, seriousIncidents, monitoringRuns, overrides, changes } = folds; // prettier-ignore
  return { registry, incidents, caseFiles, silences, openings, clicks, deliveries, retrainings, recorded, changedWindows, suspectDays, refusals, erasures, legalHolds, seriousIncidents, monitoringRuns, overrides, changes }; // prettier-ignore
}

/** Which data has to stay where, from the settings and the model files, and what was refused for that. */
export function residencyOf(
  { TIDEWATCH_REGION: here }: Config,
  { registry, residencyRefusals }: Folds,
): Pick<Stages, 'residency' | 'residencyRefusals'> {
  return { residency: new Residency(here ?? null, registry, residencyRefusals), residencyRefusals };
}

/** Who has to agree to what, from the settings, and the folds that know it. */
export function agreementOf(
  { TIDEWATCH_APPROVALS: people, TIDEWATCH_APPROVAL_EXPIRES: expiresMs }: Config,
  { policies, approvals, descriptions }: Folds,
): Pick<Stages, 'policyBook' | 'approvals' | 'approvalRules' | 'descriptions'> {
  return { policyBook: policies, approvals, descriptions, approvalRules: approvalRules(people, expiresMs) };
}

import { Injectable } from '@nestjs/common';
import { Approvals } from '../approvals/approvals.js';
import { Incidents } from '../incidents/incidents.js';
import { limitsText, type Principal } from '../registry/principal.js';
import { Retrainings } from '../retraining/retrainings.js';
import { namedBy } from './global-id.js';

type Values = Readonly<Record<string, unknown>>;

/** Fields that say which model they are about, and where; a key that is limited to models may ask for no other. */
const NAMED: Readonly<Record<string, readonly string[]>> = {
  model: ['key'],
  models: ['filter', 'keyIn'],
  alerting: ['model'],
  caseChanged: ['model'],
  cases: ['filter', 'model'],
  incidents: ['filter', 'model'],
  deadLetters: ['filter', 'model'],
  deadLetterCounts: ['filter', 'model'],
  deadLetterReplay: ['input', 'filter', 'model'],
  retrainingChanged: ['model'],
  retrainings: ['filter', 'model'],
  retrainingPreview: ['model'],
  trainingManifest: ['model'],
  verdictRecompute: ['model'],
  whyNot: ['model'],
  whyNotTrained: ['model'],
  windowJudged: ['model'],
  baselinePin: ['input', 'model'],
  modelVersionRegister: ['input', 'model'],
  modelVersionStageChange: ['input', 'model'],
  retrainingBreakerReset: ['input', 'model'],
  retrainingRequest: ['input', 'model'],
  segmentAdopt: ['input', 'model'],
  humanOverrides: ['filter', 'model'],
  monitoringRunRecord: ['input', 'model'],
  overrideRecord: ['input', 'model'],
};

type Kind = 'approval' | 'incident' | 'case' | 'retraining' | 'node';

/** Fields about one thing, whose model is known by its id: where the id stands. */
const BY_ID: Readonly<Record<string, { readonly kind: Kind; readonly at: readonly string[] }>> = {
  approval: { kind: 'approval', at: ['id'] },
  approvalWithdraw: { kind: 'approval', at: ['input', 'id'] },
  approvalDecide: { kind: 'approval', at: ['input', 'id'] },
  incident: { kind: 'incident', at: ['id'] },
  incidentAcknowledge: { kind: 'incident', at: ['input', 'id'] },
  incidentClose: { kind: 'incident', at: ['input', 'id'] },
  case: { kind: 'case', at: ['id'] },
  caseAcknowledge: { kind: 'case', at: ['input', 'id'] },
  caseAssign: { kind: 'case', at: ['input', 'id'] },
  caseClose: { kind: 'case', at: ['input', 'id'] },
  caseNormal: { kind: 'case', at: ['input', 'id'] },
  caseNote: { kind: 'case', at: ['input', 'id'] },
  caseReopen: { kind: 'case', at: ['input', 'id'] },
  incidentReport: { kind: 'case', at: ['case'] },
  incidentReportFile: { kind: 'case', at: ['input', 'case'] },
  seriousIncidentDeclare: { kind: 'case', at: ['input', 'case'] },
  seriousIncidentWithdraw: { kind: 'case', at: ['input', 'case'] },
  node: { kind: 'node', at: ['id'] },
  retraining: { kind: 'retraining', at: ['id'] },
  retrainingApprove: { kind: 'retraining', at: ['input', 'id'] },
  retrainingCancel: { kind: 'retraining', at: ['input', 'id'] },
  retrainingReject: { kind: 'retraining', at: ['input', 'id'] },
};

/** Whether a field of the API is about single models, so that keys that are limited to some may ask for it at all. */
export function isOfModels(field: string): boolean {
  return field in NAMED || field in BY_ID;
}

/** How far keys reach that are limited to models. */
@Injectable()
export class KeyReach {
  constructor(
    private readonly approvals: Approvals,
    private readonly incidents: Incidents,
    private readonly retrainings: Retrainings,
  ) {}

  /**
   * Why a key may not ask for a field with these arguments, in words that go on from "this key … is for"; null where it may. A field that is not
   * known to be about single models is about all of them.
   */
  beyond(principal: Principal, field: string, args: Values): string | null {
    const { models } = principal;
    if (models === null) return null;
    const those = limitsText(principal) ?? '';
    const path = NAMED[field];
    const asked = path ? namesAt(args, path) : this.modelsOf(field, args);
    const other = asked.find((name) => !models.includes(name));
    if (other !== undefined) return `${those}, not for ${other}`;
    if (path && asked.length === 0) return `${those}: say which with ${path.join('.')}`;
    return isOfModels(field) ? null : `${those}, and ${field} is about all of them`;
  }

  /** The model of the thing that is named; none where there is no such thing, which the field itself says. */
  private modelsOf(field: string, args: Values): readonly string[] {
    const known = BY_ID[field];
    if (!known) return [];
    return namesAt(args, known.at).flatMap((id) => this.modelOf(known.kind, id) ?? []);
  }

  private modelOf(kind: Kind, id: string): string | undefined {
    switch (kind) {
      case 'approval': {
        const approval = this.approvals.find(id);
        return approval && (approval.model ?? 'all models');
      }
      case 'incident':
        return this.incidents.find(id)?.signal.model;
      case 'case':
        return this.incidents.case(id)?.model;
      case 'retraining':
        return this.retrainings.story(id)?.model;
      case 'node':
        return this.modelOfNode(id);
    }
  }

  /** What is of no single model is of all of them. */
  private modelOfNode(id: string): string {
    const named = namedBy(id);
    if (named?.type === 'Model') return named.name;
    const kinds = ['incident', 'case', 'retraining'] as const;
    return kinds.map((kind) => this.modelOf(kind, id)).find((model) => model !== undefined) ?? 'all models';
  }
}

function namesAt(args: Values, path: readonly string[]): readonly string[] {
  let at: unknown = args;
  for (const name of path) at = typeof at === 'object' && at !== null ? (at as Values)[name] : undefined;
  const found: readonly unknown[] = Array.isArray(at) ? at : [at];
  return found.filter((name) => typeof name === 'string');
}

import { createHash } from 'node:crypto';
import type { Json, NewEntry } from '../domain/ledger-entry.js';
import { riskTier } from '../domain/model.js';
import { SERIOUS_CLASSES } from '../domain/serious-class.js';
import { demandSerious } from '../incidents/serious-commands.js';
import { clockOf, type ReportKind, type SeriousIncident } from '../incidents/serious-incident.js';
import { canonicalJson } from '../ledger/canonical-json.js';
import { storyOf } from './as-of.js';
import { briefCase } from './brief-case.js';
import type { Stages } from './stages.js';

const FORMAT = 'tidewatch-incident-report/1';
const REGULATION = 'Regulation (EU) 2024/1689, Article 73';

/** A report as it can be given to an authority, and its SHA-256 over the canonical JSON (RFC 8785). */
export interface IncidentReport {
  readonly document: NewEntry['data'];
  readonly sha256: string;
  /** Places of the entries that it rests on, which the ledger proves. */
  readonly entries: readonly number[];
}

/** What is asked for. */
export interface ReportOrder {
  readonly caseId: string;
  readonly kind: ReportKind;
  /** What whoever gives it adds in their own words. */
  readonly note: string;
}

/**
 * Facts of a serious incident as they stand now: the model, what was found, what people did, who was told, and the entries of the ledger it rests on. Throws an
 * IncidentRefusal where nobody said that the case is one.
 */
export async function incidentReport(
  stages: Stages,
  { caseId, kind, note }: ReportOrder,
  now: Date,
): Promise<IncidentReport> {
  const serious = demandSerious(stages.seriousIncidents, caseId);
  const story = await storyOf(stages.ledger, caseId, now);
  const entries = story.map(({ seq, action, at, hash }) => ({ seq, action, at: at.toISOString(), hash }));
  const document = {
    format: FORMAT,
    kind,
    case: caseId,
    madeAt: now.toISOString(),
    law: lawOf(serious, now),
    model: modelOf(stages, serious.model),
    findings: findingsOf(stages, caseId),
    done: doneOf(stages, caseId),
    told: toldOf(stages, caseId),
    reportsBefore: serious.reports.map(({ kind: before, at, by, recipients, sha256, seq }) => ({ kind: before, at: at.toISOString(), by, recipients: [...recipients], sha256, seq })),
    note: note.trim(),
    ledger: { size: stages.ledger.tree.size, root: stages.ledger.tree.root().toString('hex'), entries },
  };
  const sha256 = createHash('sha256').update(canonicalJson(document)).digest('hex');
  return { document, sha256, entries: entries.map(({ seq }) => seq) };
} // prettier-ignore

function lawOf(serious: SeriousIncident, now: Date): Json {
  const { class: name, awareAt, by, reason } = serious;
  const { days, text } = SERIOUS_CLASSES[name];
  const { state, dueAt } = clockOf(serious, now);
  return { regulation: REGULATION, class: name, text, days, awareAt: awareAt.toISOString(), dueAt: dueAt.toISOString(), state, declaredBy: by, reason };
} // prettier-ignore

function modelOf({ registry }: Pick<Stages, 'registry'>, key: string): Json {
  const registered = registry.find(key);
  if (!registered) return { key };
  const { name, task, owner, team, purpose, jurisdictions, thirdParty, residency, risk } = registered.model;
  const said = { name, team, purpose, jurisdictions, thirdParty, residency };
  const versions = registered.versions.map(({ version, stage }) => ({ version, stage }));
  const known = Object.entries(said).map(([field, value]): [string, Json] => [field, value ?? null]);
  return { key, task, owner, riskTier: riskTier(risk), ...Object.fromEntries(known), versions };
}

/** Of a case that was closed long ago nothing is in memory any more: its entries have it. */
function findingsOf(stages: Parameters<typeof briefCase>[0], caseId: string): Json {
  const found = stages.incidents.case(caseId);
  if (!found) return null;
  const { summary, severity, findings } = briefCase(stages, found);
  const each = findings.map((one) => ({
    incident: one.incidentId,
    headline: one.headline ?? one.explanation,
    extent: one.extent ?? null,
    explanation: one.explanation,
    check: one.check,
    feature: one.feature,
    segment: one.segment,
    rows: one.n,
    severity: one.severity,
    state: one.state,
    openedAt: one.openedAt,
    since: one.since,
    policy: one.policy,
  }));
  const { version, state, openedAt, closedAt } = found;
  const closed = closedAt?.toISOString() ?? null;
  return {
    summary,
    version,
    severity,
    state,
    openedAt: openedAt.toISOString(),
    closedAt: closed,
    findings: each,
  };
}

function doneOf({ caseFiles }: Pick<Stages, 'caseFiles'>, caseId: string): Json {
  const { assignee, rootCause, activity } = caseFiles.find(caseId);
  const deeds = activity.map(({ at, by, what, text }) => ({ at: at.toISOString(), by, what, text }));
  return { assignee, rootCause, activity: deeds };
}

function toldOf({ deliveries }: Pick<Stages, 'deliveries'>, caseId: string): Json {
  return deliveries.destinationsOf(caseId).flatMap(({ id, kind, address }) =>
    deliveries.stream(caseId, id).map(({ purpose, state, requestedAt, endedAt }) => ({ kind, address, purpose, state, requestedAt: requestedAt.toISOString(), endedAt: endedAt?.toISOString() ?? null })),
  );
} // prettier-ignore

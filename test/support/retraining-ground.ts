/** A model, its guard rails and a clock, for specs of the decisions about training: `begin` before each. */
import type { IncidentChange, IncidentChangeKind } from '../../src/domain/incident-change.js';
import type { Incident } from '../../src/domain/incident.js';
import { beginCourse } from '../../src/domain/incident-course.js';
import type { NewEntry } from '../../src/domain/ledger-entry.js';
import { Model } from '../../src/domain/model.js';
import type { RetrainContext } from '../../src/retraining/ask.js';
import { applyCallback } from '../../src/retraining/callback.js';
import { callbackToken, callbackTokenHash } from '../../src/retraining/callback-token.js';
import { decideRetraining } from '../../src/retraining/decide.js';
import { RetrainingGuards } from '../../src/retraining/guards.js';
import type { RecordedManifest } from '../../src/retraining/manifest.js';
import { Retrainings } from '../../src/retraining/retrainings.js';

export const HOUR = 3_600_000;
export const AGE = {
  model: 'credit-default',
  version: '7',
  check: 'feature_drift',
  segment: '',
  feature: 'age',
} as const;
export const START = new Date('2026-11-21T10:00:00Z');
export const ADA = { type: 'user', id: 'ada' } as const;
export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const tokenOf = (id: string): string => callbackToken('service secret', id);

export let state: Retrainings;
let seq: number;
export let now: Date;

/** Back to a service that has decided nothing. */
export function begin(): void {
  state = new Retrainings();
  seq = 0;
  now = START;
}

export function guards(settings: object = {}, paused = false): RetrainingGuards {
  const targets = { jobs: { kind: 'webhook', url: 'https://jobs.example/start', secret: SECRET } };
  return RetrainingGuards.parse({
    paused,
    targets,
    models: { '*': { target: 'jobs', mode: 'auto', ...settings } },
  });
}

export function context(changed: Partial<RetrainContext> = {}): RetrainContext {
  const model = Model.parse({ key: 'credit-default', task: 'binary', positive: 'bad' });
  const baseUrl = 'https://tidewatch.example';
  return {
    model,
    champion: '7',
    guards: guards(),
    open: [],
    known: () => [],
    newLabels: null,
    newestRowAt: START,
    baseUrl,
    tokenHash: (id) => callbackTokenHash(tokenOf(id)),
    ...changed,
  };
}

export function incident(changed: Partial<Incident> = {}): Incident {
  return {
    id: 'i-age',
    key: 'v1:age',
    signal: { model: 'credit-default', version: '7', check: 'concept_drift', segment: '', feature: null },
    state: 'OPEN',
    severity: 'critical',
    openedAt: START,
    closedAt: null,
    since: null,
    summary: 'the error rate doubled',
    statistic: 'error_rate',
    value: 0.2,
    effect: 2,
    policy: { id: 'p', version: 1, hash: 'h', rule: 'r' },
    channels: [],
    retrain: true,
    occurrences: 1,
    course: beginCourse({
      from: START,
      to: START,
      statistic: 'error_rate',
      effect: 2,
      n: 1_200,
      since: null,
    }),
    clearWindows: 0,
    lastWindowTo: now,
    acknowledgedBy: null,
    ...changed,
  };
}

export function change(kind: IncidentChangeKind = 'opened', changed: Partial<Incident> = {}): IncidentChange {
  return { kind, incident: incident(changed), caseId: 'case-1', notify: true, reason: 'spec' };
}

/** Records entries as the ledger would: as text, in order. */
export function record(entries: readonly NewEntry[]): readonly NewEntry[] {
  for (const entry of entries) {
    const data = JSON.parse(JSON.stringify(entry.data)) as NewEntry['data'];
    state.apply({ ...entry, data, seq: ++seq, hash: '' });
  }
  return entries;
}

export function decide(changed: Partial<RetrainContext> = {}, changes = [change()]): readonly NewEntry[] {
  return record(decideRetraining(state, changes, context(changed), now));
}

export function report(status: string, extra: object = {}): void {
  const id = state.list()[0]?.id ?? '';
  record(applyCallback(state, id, tokenOf(id), { status, ...extra }, now));
}

export function finishedRun(): void {
  decide();
  report('succeeded', { model_version: '8' });
}

export function later(ms: number): void {
  now = new Date(now.getTime() + ms);
}

export const actions = (entries: readonly NewEntry[]): string[] => entries.map(({ action }) => action);

/** A manifest of three rows. */
export function recordedManifest(usable = 3): RecordedManifest {
  const period = { from: '2026-08-23T10:00:00.000Z', to: START.toISOString() };
  return {
    digest: 'd'.repeat(64),
    manifest: {
      format: 'tidewatch.training-manifest/v1',
      retraining: null,
      model: { key: 'credit-default', task: 'binary', positive: 'bad', environments: ['production'] },
      madeAt: START.toISOString(),
      period,
      query: { sql: '', parameters: {} },
      exclude: [],
      columns: [],
      protected: { handling: 'leave_out', attributes: [], alsoFeatures: [] },
      subjects: { rows: 0 },
      rows: { total: 3, excluded: 0, failedCalls: 0, unlabelled: 3 - usable, usable },
      classes: [],
      values: null,
      labels: { expectedWithinMs: 0, mature: 0, matureLabelled: 0, newestAt: null },
      reference: null,
      toBeat: [],
      files: [],
      problems: usable === 0 ? ['no row of the period that may be learnt from has a label'] : [],
    },
  };
}

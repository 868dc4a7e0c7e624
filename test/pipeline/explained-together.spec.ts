import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fitBaseline } from '../../src/checks/fit-baseline.js';
import { packageFolder } from '../../src/config/package-folder.js';
import type { WholeBaseline } from '../../src/domain/baseline.js';
import type { CheckResult } from '../../src/domain/check-result.js';
import type { Measure } from '../../src/domain/measure.js';
import type { Constraint } from '../../src/domain/constraint.js';
import type { Column } from '../../src/domain/multivariate-rule.js';
import { NO_LABELS, type WindowProfile } from '../../src/domain/profile.js';
import { decideIncidents } from '../../src/incidents/decide-incidents.js';
import type { IncidentRecord } from '../../src/incidents/incident-record.js';
import { Incidents } from '../../src/incidents/incidents.js';
import { judgeWindow } from '../../src/pipeline/evaluate-window.js';
import { NO_MEMORY } from '../../src/pipeline/judgement.repository.js';
import { loadPolicies } from '../../src/policies/load.js';
import type { ClassifierRow } from '../../src/profiles/classifier-rows.js';
import { classifyWindow, packRows } from '../../src/profiles/classify-window.js';
import { lcg } from '../../src/stats/lcg.js';
import { normalQuantile } from '../../src/stats/normal.js';
import { NORMAL_BASELINE, NORMAL_EDGES, numericProfile, syntheticBaseline, syntheticModel, syntheticWindow } from '../support/synthetic-model.js'; // prettier-ignore

const REFERENCE = 24 * 14;
const ROWS = 150;
const SAMPLED = 6;
const NAMES = ['a', 'b', 'c'] as const;

const column = (feature: string): Column => ({ kind: 'numeric', feature, mean: 0, sd: 1 });
const together = { check: 'multivariate', feature: null, every: 1 } as const;
const classifier = {
  rule: 'classifier', name: 'c', check: 'multivariate', feature: null, statistic: 'domain_classifier',
  columns: NAMES.map((feature) => ({ feature, category: null })), sample: '',
} as const; // prettier-ignore
/** a and b go together: the first direction of the reference is theirs, and what is left of their difference is off it. */
const RULES: readonly Constraint[] = [
  { ...together, rule: 'correlation', name: 'r', statistic: 'correlation:a~b', a: column('a'), b: column('b') },
  { ...together, rule: 'component', name: 'p', statistic: 'reconstruction_error', part: 'residual', columns: [column('a'), column('b')],
    variances: [1.6], directions: [[Math.SQRT1_2, Math.SQRT1_2]] },
  { ...classifier, columns: [...classifier.columns] },
]; // prettier-ignore

const random = lcg(31);
const normal = () => normalQuantile(Math.max(1e-12, random()));
type Row = readonly [a: number, b: number, c: number];
interface Change {
  /** Reference standard deviations that a moves by. */
  readonly shift?: number;
  readonly correlation?: number;
}

function rowsOf({ shift = 0, correlation = 0.6 }: Change): readonly Row[] {
  return Array.from({ length: ROWS }, () => {
    const a = normal();
    return [a + shift, correlation * a + Math.sqrt(1 - correlation ** 2) * normal(), normal()];
  });
}

function forClassifier(rows: readonly Row[], hour: number): readonly ClassifierRow[] {
  return rows.map((numbers) => ({ start: hour * 3600, slot: hour % 24, numbers }));
}

const calm = Array.from({ length: REFERENCE }, () => rowsOf({}));
const sample = packRows(
  calm.flatMap((rows, hour) => forClassifier(rows.slice(0, SAMPLED), hour)),
  NAMES.length,
);

function profileOf(rows: readonly Row[], hour: number): WindowProfile {
  const sum = (of: (row: Row) => number) => rows.reduce((total, row) => total + of(row), 0);
  const off = ([a, b]: Row) => Math.abs(a - b) * Math.SQRT1_2;
  const found = classifyWindow(classifier, packRows(forClassifier(rows, hour), NAMES.length), sample);
  const measures: Record<string, Measure> = {
    r: { kind: 'pair', n: ROWS, sumX: sum(([a]) => a), sumY: sum(([, b]) => b), sumXX: sum(([a]) => a * a), sumYY: sum(([, b]) => b * b), sumXY: sum(([a, b]) => a * b) },
    p: { kind: 'mean', n: ROWS, sum: sum(off), sumSquares: sum((row) => off(row) ** 2) },
    ...(found ? { c: found } : {}),
  }; // prettier-ignore
  const features = Object.fromEntries(
    NAMES.map((name, i) => [name, numericProfile(rows.map((row) => row[i] ?? 0), NORMAL_EDGES)]),
  ); // prettier-ignore
  return { predictions: ROWS, features, unknownFeatures: [], performance: NO_LABELS, measures };
}

const model = syntheticModel();
const baseline: WholeBaseline = {
  ...syntheticBaseline(Object.fromEntries(NAMES.map((name) => [name, NORMAL_BASELINE])), calm.map(profileOf)),
  rules: RULES,
};
const reference = { baseline, fitted: fitBaseline(model, baseline) };
const text = readFileSync(join(packageFolder(), 'policies', 'default.yaml'), 'utf8');
const { policies } = loadPolicies([{ name: 'default.yaml', text }]);
const budget = { pageDays: 30, noticeDays: 3, share: 1 };

/** A day with a change, window by window through checks, policies and incidents. */
function live(change: Change) {
  const incidents = new Incidents();
  const alerts: CheckResult[] = [];
  const told: string[] = [];
  let memory = NO_MEMORY;
  let seq = 0;
  for (let hour = REFERENCE; hour < REFERENCE + 24; hour += 1) {
    const window = syntheticWindow(hour);
    const profile = profileOf(rowsOf(change), hour);
    const finding = judgeWindow(
      {
        model,
        window,
        track: 'inputs',
        profile,
        reference,
        rules: reference.baseline.rules,
        memory,
        budget,
        excuse: null,
        isHistory: false,
        inputs: '',
      },
      policies,
    );
    ({ memory } = finding);
    alerts.push(...finding.results.filter(({ state }) => state === 'ALERT'));
    const { entries, changes } = decideIncidents(
      incidents,
      { verdicts: finding.verdicts, window },
      window.to,
    );
    for (const entry of entries) incidents.apply({ ...entry, seq: (seq += 1), hash: '' });
    told.push(
      ...changes.flatMap(({ kind, notify, incident }) =>
        notify ? [`${kind} ${incident.signal.check}`] : [],
      ),
    );
  }
  return { alerts, told, incidents };
}

const joint = ({ alerts }: ReturnType<typeof live>) => alerts.filter(({ check }) => check === 'multivariate');
const named = (incidents: readonly IncidentRecord[], check: string) =>
  incidents.find(({ signal, severity }) => signal.check === check && severity !== 'info');

describe('what many features show together', () => {
  it('follows from the drift of one, which leads and is told alone', () => {
    const day = live({ shift: 1 });
    expect(new Set(joint(day).map(({ statistic }) => statistic))).toContain('domain_classifier');
    for (const result of joint(day).filter(({ statistic }) => statistic === 'domain_classifier')) {
      expect(result.explainedBy).toEqual(['a']);
      expect(result.explanation).toMatch(/, mostly by a.*; a changed by itself$/);
    }
    expect(day.told).toEqual(['opened feature_drift']);
    const drift = named(day.incidents.open(), 'feature_drift');
    expect(drift).toMatchObject({ signal: { feature: 'a' }, explainedBy: null });
    expect(named(day.incidents.open(), 'multivariate')).toMatchObject({
      explainedBy: drift?.id,
      caseId: drift?.caseId,
    });
  });

  it('leads where it only shows jointly, every feature being as it always was', () => {
    const day = live({ correlation: -0.6 });
    expect(new Set(day.alerts.map(({ check }) => check))).toEqual(new Set(['multivariate']));
    expect(new Set(joint(day).map(({ statistic }) => statistic))).toEqual(
      new Set(['correlation:a~b', 'reconstruction_error', 'domain_classifier']),
    );
    expect(joint(day).filter(({ explainedBy }) => explainedBy !== undefined)).toEqual([]);
    expect(day.told).toEqual(['opened multivariate']);
    expect(named(day.incidents.open(), 'multivariate')).toMatchObject({ explainedBy: null, announced: true });
  });

  it('says nothing where nothing changed', () => {
    expect(live({})).toMatchObject({ alerts: [], told: [] });
  });
});

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CheckResult, CheckState } from '../../src/domain/check-result.js';
import type { Incident } from '../../src/domain/incident.js';
import { Model } from '../../src/domain/model.js';
import { JudgementRepository, NO_MEMORY } from '../../src/pipeline/judgement.repository.js';
import { dryRunPolicies } from '../../src/pipeline/policy-dry-run.js';
import { loadPolicies } from '../../src/policies/load.js';
import { WindowRepository } from '../../src/windows/window.repository.js';
import { openTestDatabase, type TestDatabase } from '../support/database.js';

const HOUR = 3_600_000;
const TELLING = {
  channels: { default: [{ kind: 'console' }], quiet: [{ kind: 'email', to: 'nobody@example.org' }] },
  channelsFor: ({ channels }: Incident) => channels,
} as const;
const START = Date.UTC(2026, 10, 1);
const MODEL = Model.parse({ key: 'fares', task: 'regression' });
const DEFAULT = fileURLToPath(new URL('../../policies/default.yaml', import.meta.url));

/** The same policy, but an alert of drift must last for three windows. */
const PATIENT = `
apiVersion: tidewatch/v1
kind: Policy
metadata: { id: default, owner: test, version: 2, description: slower }
spec:
  enforcement: enforce
  rules:
    - id: drift
      description: drift that lasts
      checks: [feature_drift]
      when: state == "ALERT"
      levels: [{ severity: warning, for: { windows: 3 } }]
      channels: [default]
    - { id: labels, detector: adwin, levels: [{ severity: warning }] }
  tests:
    - name: one window is not enough
      given: { check: feature_drift, statistic: location, windows: [{ state: ALERT, effect: 0.4 }] }
      expect: { severity: none }
`;

let test: TestDatabase;

beforeAll(async () => {
  test = await openTestDatabase();
  // Two windows of drift that pass, and performance that falls at the end.
  const states: readonly CheckState[] = ['OK', 'ALERT', 'ALERT', 'OK', 'OK', 'OK', 'OK', 'OK'];
  const judgements = states.map((state, i) => {
    const window = {
      model: MODEL.key,
      version: '1',
      from: new Date(START + i * HOUR),
      to: new Date(START + (i + 1) * HOUR),
      revision: 1,
    };
    const fell = i === states.length - 1 ? 'ALERT' : 'OK';
    const together = {
      ...result('multivariate', null, state),
      ...(state === 'ALERT' ? { explainedBy: ['age'] } : {}),
    };
    const results = [result('feature_drift', 'age', state), together, result('performance', null, fell)];
    return { window, track: 'inputs' as const, baseline: '', results, memory: NO_MEMORY };
  });
  await new JudgementRepository(test.database).save(judgements, new Date(START));
  await new WindowRepository(test.database).save(
    judgements.map(({ window }) => ({
      model: window.model,
      version: window.version,
      from: window.from.getTime(),
      to: window.to.getTime(),
      revision: 1,
      track: 'inputs' as const,
      predictions: 100,
      labelled: 100,
      baseline: '',
      share: 1,
      watermark: window.to.getTime(),
      evaluatedAt: window.to.getTime(),
      inputs: '',
      memory: '',
    })),
  );
});

afterAll(async () => test.close());

it('G-08: finds what each set of policies would have told and asked for, and records nothing', async () => {
  const active = loadPolicies([{ name: 'default.yaml', text: readFileSync(DEFAULT, 'utf8') }]).policies;
  const candidate = loadPolicies([{ name: 'patient.yaml', text: PATIENT }]).policies;
  const period = { since: new Date(START), until: new Date(START + 24 * HOUR) };
  const report = await dryRunPolicies(test.database, {
    models: [MODEL],
    active,
    candidate,
    telling: TELLING,
    concerns: () => true,
    ...period,
  });
  expect([report.windows, report.concerned]).toEqual([8, 8]);
  const told = report.active
    .filter((one) => one.notifies)
    .map(({ rule, feature, retrain }) => ({ rule, feature, retrain }));
  expect(told).toEqual([
    { rule: 'drift', feature: 'age', retrain: false },
    { rule: 'performance', feature: null, retrain: true },
  ]);
  // In the words of its messages, which are of all its windows.
  expect(report.active.find(({ feature }) => feature === 'age')?.summary).toBe(
    'age has moved: +0.4 sd over 2 windows in 2 h',
  );
  // It follows from the drift of age, as it did when the windows were judged.
  expect(report.active.filter(({ check }) => check === 'multivariate')).toMatchObject([{ notifies: false }]);
  expect(report.candidate).toEqual([]);
  expect(report.messages.active.find(({ channel }) => channel === 'default')?.messages).toBeGreaterThan(0);
  expect(report.notComputed).toEqual(['adwin']);
  expect(report.messages.candidate).toEqual([
    { channel: 'default', messages: 0 },
    { channel: 'quiet', messages: 0 },
  ]);
  const [row] = await test.database.query<{ entries: number }>('SELECT count() AS entries FROM ledger');
  expect(row?.entries).toBe(0);
});

it('looks at the windows of the period only', async () => {
  const active = loadPolicies([{ name: 'default.yaml', text: readFileSync(DEFAULT, 'utf8') }]).policies;
  const period = { since: new Date(START + 3 * HOUR), until: new Date(START + 7 * HOUR) };
  const report = await dryRunPolicies(test.database, {
    models: [MODEL],
    active,
    candidate: active,
    telling: TELLING,
    concerns: () => false,
    ...period,
  });
  expect([report.windows, report.concerned]).toEqual([4, 0]);
  expect(report.active).toEqual([]);
});

function result(check: CheckResult['check'], feature: string | null, state: CheckState): CheckResult {
  const numbers = { value: 1, n: 100, evidence: state === 'ALERT' ? 2 : 0, effect: 0.4 };
  return { check, feature, statistic: 'location', ...numbers, state, since: null, explanation: null };
}

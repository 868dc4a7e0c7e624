import { expect, it } from 'vitest';
import { IncidentLog, says } from '../../test/support/incident-log.js';
import { OUTPUT } from '../domain/profile.js';

const moved = says({ check: 'output_drift', feature: OUTPUT.score });
const quiet = { ...moved, outcome: 'clear' as const, state: 'OK' as const };
const loss = {
  ...says({ check: 'performance', feature: null }),
  readAs: [{ kind: 'uncalibrated', claim: { by: 'share', claimed: 0.31, observed: 0.44 } }] as const,
};

function casesOf(log: IncidentLog): readonly string[] {
  return log.incidents.list().map(({ caseId }) => caseId);
}

it('labels that say what scores have become belong to the case of these scores, though that is closed by then', () => {
  const log = new IncidentLog();
  log.judge(1, [moved]);
  log.judge(2, [quiet]);
  log.judge(3, [quiet]);
  expect(log.judge(2, [loss])).toEqual(['opened! performance']);
  expect(new Set(casesOf(log)).size).toBe(1);
});

it('other losses, and those of another time, have a case of their own', () => {
  const log = new IncidentLog();
  log.judge(1, [moved]);
  log.judge(2, [quiet]);
  log.judge(3, [quiet]);
  log.judge(4, [says({ check: 'concept_drift', feature: null })]);
  log.judge(96, [loss]);
  expect(new Set(casesOf(log)).size).toBe(3);
});

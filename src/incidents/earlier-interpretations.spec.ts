import { expect, it } from 'vitest';
import { incidentJson, readIncident } from './incident-json.js';
import { IncidentLog, says } from '../../test/support/incident-log.js';
import type { Interpretation } from '../domain/interpretation.js';
import { earlierInterpretations } from './earlier-interpretations.js';

const converted = (change: string, factor: number | null, units: string | null): Interpretation => ({ kind: 'converted', change, factor, units }); // prettier-ignore

it.each([
  ['feature drift of age: values × 100: looks like units → cents; also spread × 90', [converted('× 100', 100, 'units → cents')]],
  ['feature drift of age: values × 1\u202f200', [converted('× 1\u202f200', 1200, null)]],
  ['feature drift of t: values (x − 32) / 1.8: looks like Fahrenheit → Celsius', [converted('(x − 32) / 1.8', null, 'Fahrenheit → Celsius')]],
  ['performance: scores are no longer calibrated: they claim 31 % positive, and 44 % are; log loss 0.62, 0.48 expected',
    [{ kind: 'uncalibrated', claim: { by: 'words', text: ': they claim 31 % positive, and 44 % are' } }]],
  ['feature drift of age: values are higher by 2.5 reference standard deviations', []],
])('an incident of before interpretations were kept is read by its words: %s', (summary, found) => {
  expect(earlierInterpretations(summary)).toEqual(found);
}); // prettier-ignore

it('an incident is read by what is stored with it, by its words where nothing is, and not by a kind that nobody knows', () => {
  const log = new IncidentLog();
  const read = [converted('× 100', 100, 'units → cents')];
  log.judge(1, [{ ...says({}), readAs: read }]);
  const [opened] = log.incidents.list();
  expect(opened?.readAs).toEqual(read);
  const stored = { ...(incidentJson(opened!) as object), summary: 'feature drift of age: values × 3' };
  const { readAs: _readAs, ...earlier } = stored as typeof stored & { readonly readAs: unknown };
  expect(readIncident(earlier).readAs).toEqual([converted('× 3', 3, null)]);
  expect(readIncident({ ...stored, readAs: [] }).readAs).toEqual([]);
  expect(readIncident({ ...stored, readAs: [{ kind: 'of a later release' }, ...read] }).readAs).toEqual(read);
});

it('what a window is read as goes when a later window tells it otherwise', () => {
  const log = new IncidentLog();
  log.judge(1, [{ ...says({ severity: 'warning' }), readAs: [converted('× 100', 100, null)] }]);
  log.judge(2, [says({ severity: 'critical' })]);
  expect(log.incidents.list()[0]?.readAs).toEqual([]);
});

import { expect, it } from 'vitest';
import { syntheticModel, syntheticWindow } from '../../test/support/synthetic-model.js';
import type { CheckResult } from '../domain/check-result.js';
import { NOTHING_PENDING, STATE_FORMAT, type SeriesState } from '../checks/series-state.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import type { Finding } from './finding.js';
import { NO_MEMORY } from './judgement.repository.js';
import { editedMinute, firstDifference } from './recompute-difference.js';
import { digestOf } from './window-entry.js';
import { memoryDigest } from './window-inputs.js';

function drift(segment: string, value: number): CheckResult {
  const place = { check: 'segment_drift', feature: null, segment, statistic: 'location' } as const;
  const said = { value, n: 100, state: 'OK', evidence: 0, effect: value } as const;
  return { ...place, ...said, since: null, explanation: null };
}

const RESULTS = [drift('channel=app', 0.1), drift('channel=web', 0.2)];

const finding: Finding = {
  due: {
    model: syntheticModel(),
    window: syntheticWindow(0),
    track: 'inputs',
    profile: EMPTY_PROFILE,
    reference: { baseline: null, fitted: null },
    rules: [],
    memory: NO_MEMORY,
    budget: { pageDays: 30, noticeDays: 3, share: 1 },
    excuse: null,
    isHistory: false,
    inputs: 'i',
  },
  results: RESULTS,
  digest: digestOf(RESULTS),
  verdicts: [],
  dryRun: [],
  policies: [],
  memory: NO_MEMORY,
  rows: null,
};

function differenceTo(
  results: readonly CheckResult[],
  again = finding,
  known: { readonly interprets: boolean; readonly memory: string | null } = {
    interprets: true,
    memory: null,
  },
): string | null {
  const record = { seq: 1, track: 'inputs', revision: 0, share: 1, predictions: 0, labelled: 0 } as const;
  const digests = {
    baseline: null,
    inputs: 'i',
    digest: finding.digest,
    policies: [],
    namesAll: true,
    knowsWaits: true,
    interprets: known.interprets,
    circumstances: null,
    holdsWritten: true,
    rows: null,
  };
  return firstDifference(
    again,
    { ...record, ...digests },
    {
      summary: EMPTY_PROFILE,
      rows: EMPTY_PROFILE,
      results,
      memory: known.memory,
      facts: null,
      now: null,
      change: null,
      taken: { rows: 0, seq: null },
    },
  );
}

it('holds the results of every segment against those of the same one', () => {
  expect(differenceTo(RESULTS)).toBeNull();
  const changed = differenceTo([drift('channel=app', 0.3), drift('channel=web', 0.2)]);
  expect(changed).toBe('result segment_drift  location channel=app: value is stored as 0.3, again 0.1');
});

it('a record of before interpretations were kept is held against results and a memory without them, and a later one with them', () => {
  const read = [{ kind: 'converted', change: '× 100', factor: 100, units: null }] as const;
  const results = RESULTS.map((one) => ({ ...one, readAs: read }));
  const { restsFrom: _own, ...kept } = RESULTS[0]!;
  const daily = { day: null, series: null, results: [{ ...kept, since: null }] };
  const checks: SeriesState = { format: STATE_FORMAT, minute: 0, series: {}, pending: NOTHING_PENDING };
  const without = { ...NO_MEMORY, checks: { ...checks, daily } };
  const memory = { ...NO_MEMORY, checks: { ...checks, daily: { ...daily, results: [{ ...daily.results[0]!, readAs: read }] } } };
  const again = { ...finding, results, digest: digestOf(results), memory };
  expect(differenceTo(RESULTS, again, { interprets: false, memory: memoryDigest(without) })).toBeNull();
  expect(differenceTo(RESULTS, again, { interprets: true, memory: memoryDigest(memory) })).toContain('digest of the results');
  expect(differenceTo(RESULTS, finding, { interprets: true, memory: memoryDigest(memory) })).toContain('digest of the memory');
}); // prettier-ignore

it('a minute that lacks no row has to be what it was summarised as, whatever is gone beside it', () => {
  const minute = (predictions: number, sum: number) => ({
    ...EMPTY_PROFILE,
    predictions,
    features: { age: { kind: 'numeric', n: predictions, sum } as never },
  });
  const again = (...found: readonly (readonly [number, ReturnType<typeof minute>])[]) =>
    editedMinute(finding.due, new Map([[60, minute(2, 5)], [120, minute(3, 6)]]), new Map(found)); // prettier-ignore
  expect(again([60, minute(1, 2)], [120, minute(3, 6)])).toBeNull();
  expect(again([60, minute(1, 2)], [120, minute(3, 7)])).toMatch(/^rows: feature age was summarised as .* \(1970-01-01 00:02 UTC\)$/u);
  expect(again([180, minute(1, 2)])).toContain('nothing was summarised of 1970-01-01 00:03 UTC');
}); // prettier-ignore

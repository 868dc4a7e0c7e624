import { beforeEach, expect, it } from 'vitest';
import { begin, finishedRun, HOUR, later, now, record, state } from '../../test/support/retraining-ground.js';
import { unusedVersion } from './unused-version.js';

beforeEach(begin);

it('asks once about a version that sends nothing, and not about one that serves, retired or has time', () => {
  finishedRun();
  const run = state.list()[0]!;
  const silent = { stage: 'shadow', firstSeenAt: null };
  later(24 * HOUR);
  expect(unusedVersion(run, silent, 24 * HOUR, now)).toEqual([]);
  later(1);
  expect(unusedVersion(run, { ...silent, firstSeenAt: now }, 24 * HOUR, now)).toEqual([]);
  expect(unusedVersion(run, { ...silent, stage: 'retired' }, 24 * HOUR, now)).toEqual([]);
  record(unusedVersion(run, silent, 24 * HOUR, now));
  const reason =
    'version 8 has sent no row in 1d: let it answer in shadow, retire it, or say which name it serves under';
  expect(state.list()[0]).toMatchObject({ unused: reason });
  expect(state.news(now).at(-1)).toMatchObject({ end: 'unused', reason });
});

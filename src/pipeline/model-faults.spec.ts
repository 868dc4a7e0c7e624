import { beforeEach, expect, it } from 'vitest';
import { DatabaseError } from '../store/database.js';
import { Log } from '../telemetry/log.js';
import { ModelFaults, type FencedPlace } from './model-faults.js';

const START = new Date('2026-11-21T10:00:00Z');
const place: FencedPlace = { model: 'm', version: '1', step: 'judge' };
let faults: ModelFaults;
let now = START;
let tried = 0;
const boom = async (): Promise<string> => {
  tried += 1;
  return Promise.reject(new TypeError('cannot read properties of null'));
};

beforeEach(() => {
  [now, tried] = [START, 0];
  faults = new ModelFaults({ now: () => now }, Log.silent());
});

it('keeps what failed by name, since when, until it works; the others go on', async () => {
  expect(await faults.fence(place, 'nothing', boom)).toBe('nothing');
  now = new Date(START.getTime() + 60_000);
  expect(await faults.fence({ ...place, model: 'other' }, 'nothing', async () => 'judged')).toBe('judged');
  expect(faults.of('m')).toEqual([
    { ...place, reason: 'an unexpected error; the log says more', since: START },
  ]);
  expect(faults.of('other')).toEqual([]);
  for (let beat = 0; beat < 2; beat++) await faults.fence(place, 'nothing', async () => 'judged');
  expect(faults.of('m')).toEqual([]);
});

it('tries again after 1, 3, 7 … beats', async () => {
  for (let beat = 0; beat < 15; beat++) await faults.fence(place, '', boom);
  expect(tried).toBe(4); // at beats 0, 2, 6 and 14
});

it('says nothing of the engine to a person, and lets a closed database stop everything', async () => {
  const thrown = (error: Error) => faults.fence(place, null, async () => Promise.reject(error));
  await thrown(new DatabaseError("Illegal type in SELECT 'x'", 'ILLEGAL_TYPE', false));
  expect(faults.of('m')[0]?.reason).toBe('the database refused it (ILLEGAL_TYPE); the log says more');
  const closed = new DatabaseError('the database is closed', 'CLOSED', false);
  await expect(faults.fence({ ...place, model: 'n' }, null, async () => Promise.reject(closed))).rejects.toBe(
    closed,
  );
});

it('fences decisions that wait for nothing', () => {
  const work = (): string => {
    throw Object.assign(new Error('the value is NaN'), { code: 'not_canonical' });
  };
  expect(faults.fenceNow(place, 'none', work)).toBe('none');
  expect(faults.of('m')[0]?.reason).toBe('the value is NaN');
});

import { expect, it } from 'vitest';
import { planOf, runFleet, SEED } from '../bench/fleet.js';

it('a fleet of eight models is calm for nineteen days of restarts and a kill, and its faults are found on the twentieth', async () => {
  const { run, calm, delays } = await runFleet(planOf(true, SEED));
  expect(calm.incidents.map(({ model, version, summary }) => `${model.key} ${version}: ${summary}`)).toEqual(
    [],
  );
  expect(calm.told).toBe(0);
  expect(calm.entries / calm.windows).toBeLessThanOrEqual(1.1);
  expect(run.untrue).toEqual([]);
  const missed = run.plan.models.filter(
    ({ key, kind }) => delays.has(key) && !((delays.get(key) ?? Infinity) <= kind.fault.within),
  );
  expect(missed.map(({ key }) => [key, delays.get(key)])).toEqual([]);
}, 900_000);

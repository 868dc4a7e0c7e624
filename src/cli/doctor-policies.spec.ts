import { expect, it } from 'vitest';
import { behindFinding } from './doctor-policies.js';

const file = (id: string, version: number) => ({ id, version, file: `${id}.yaml` });

it('names each policy file that is behind what is in force, and what brings it up to date', () => {
  const inForce = [
    { id: 'default', version: 4 },
    { id: 'fairness', version: 2 },
  ];
  expect(behindFinding([file('default', 3), file('fairness', 2), file('new', 1)], inForce)).toEqual({
    name: 'policies in force',
    state: 'warn',
    detail: 'default.yaml: version 3 of default is not in force: version 4 is',
    fix: 'put the text in force in the file (tidewatch policy show default), or give the file a higher version',
  });
  expect(behindFinding([file('default', 5)], inForce)).toMatchObject({ state: 'ok', fix: null });
  expect(behindFinding([file('default', 1), file('fairness', 1)], inForce).detail.split('\n')).toHaveLength(
    2,
  );
});

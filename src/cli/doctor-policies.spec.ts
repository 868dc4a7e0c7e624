import { expect, it } from 'vitest';
import { behindFinding, unheardFindings } from './doctor-policies.js';

const file = (id: string, version: number) => ({ id, version, file: `${id}.yaml` });

it('names each policy file that is behind what is in force, and what brings it up to date', () => {
  const inForce = [
    { id: 'default', version: 4, unknownChannels: [] },
    { id: 'fairness', version: 2, unknownChannels: ['nobody'] },
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

it('names channels of policies in force, adopted ones too, that are not there', () => {
  const config = { TIDEWATCH_CHANNELS_FILE: 'channels.yaml' };
  const inForce = [
    { id: 'default', version: 4, unknownChannels: [] },
    { id: 'pilot', version: 2, unknownChannels: ['nobody', 'noone'] },
    { id: 'old', version: 1, unknownChannels: null },
  ];
  expect(unheardFindings(config, inForce)).toEqual([
    {
      name: 'channels of policies in force',
      state: 'warn',
      detail: 'pilot@2 names nobody, noone, which is nobody',
      fix: 'add it to channels.yaml, or propose the policy with a name that is there',
    },
  ]);
  expect(unheardFindings(config, inForce.slice(0, 1))).toEqual([]);
});

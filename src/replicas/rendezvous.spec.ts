import { expect, it } from 'vitest';
import { rendezvous } from './rendezvous.js';

const things = Array.from({ length: 600 }, (_, i) => `model-${i}`);
const owners = (members: readonly string[]) => things.map((thing) => rendezvous(thing, members));

it('gives every member about its part, whatever the order they are known in', () => {
  const found = owners(['a', 'b', 'c']);
  expect(owners(['c', 'a', 'b'])).toEqual(found);
  for (const member of ['a', 'b', 'c'])
    expect(found.filter((owner) => owner === member).length / things.length).toBeCloseTo(1 / 3, 1);
});

it('moves only what belonged to the member that went', () => {
  const [before, after] = [owners(['a', 'b', 'c']), owners(['a', 'c'])];
  before.forEach((owner, i) => {
    if (owner !== 'b') expect(after[i]).toBe(owner);
  });
});

it('belongs to nobody where there is nobody', () => expect(rendezvous('m', [])).toBeNull());

import { expect, it } from 'vitest';
import { besideThoseThatAnswer } from './beside.js';

it('versions on trial are beside those that answer, and beside nothing where none does', () => {
  const seen = new Date(0);
  const one = { version: '1', stage: 'champion', firstSeenAt: seen, declared: true } as const;
  const two = { version: '2', stage: 'shadow', firstSeenAt: seen, declared: true } as const;
  const three = { version: '3', stage: 'registered', firstSeenAt: seen, declared: true } as const;
  expect(besideThoseThatAnswer([one, two, three])).toEqual(['2', '3']);
  expect(besideThoseThatAnswer([two, three])).toEqual([]);
  expect(besideThoseThatAnswer([{ ...one, stage: 'retired' }, two])).toEqual(['2']);
  const challenger = { ...two, stage: 'challenger' } as const;
  expect(besideThoseThatAnswer([one, challenger])).toEqual(['2']);
  expect(besideThoseThatAnswer([one, { ...challenger, declared: false }])).toEqual([]);
  const announced = { version: '4', stage: 'canary', firstSeenAt: null, declared: true } as const;
  expect(besideThoseThatAnswer([announced, three])).toEqual([]);
});

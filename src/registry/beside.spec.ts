import { expect, it } from 'vitest';
import { besideThoseThatAnswer } from './beside.js';

it('versions on trial are beside those that answer, and beside nothing where none does', () => {
  const one = { version: '1', stage: 'champion' } as const;
  const two = { version: '2', stage: 'shadow' } as const;
  const three = { version: '3', stage: 'registered' } as const;
  expect(besideThoseThatAnswer([one, two, three])).toEqual(['2', '3']);
  expect(besideThoseThatAnswer([two, three])).toEqual([]);
  expect(besideThoseThatAnswer([{ ...one, stage: 'retired' }, two])).toEqual(['2']);
});

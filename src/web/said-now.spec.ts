import { expect, it } from 'vitest';
import { incident } from '../../test/support/incidents.js';
import { headlineOf } from '../domain/incident-headline.js';
import { saidNow } from './said-now.js';

const result = { check: 'feature_drift', explanation: 'values × 1.33 in this window' } as const;

it('says of what is open what its messages say, and of the rest what the check says', () => {
  const open = incident('age');
  expect(saidNow(result, 'age', [open])).toBe(headlineOf(open));
  expect(saidNow(result, 'income', [open])).toBe(result.explanation);
  expect(saidNow(result, 'age', [{ ...open, state: 'CLOSED' }])).toBe(result.explanation);
  expect(saidNow({ ...result, check: 'null_rate' }, 'age', [open])).toBe(result.explanation);
  expect(saidNow(result, 'age', [{ ...open, signal: { ...open.signal, segment: 'a=b' } }])).toBe(
    result.explanation,
  );
});

import { expect, it } from 'vitest';
import { withLookAlike } from './look-alike.js';

it.each([
  ['prediction_id', { predictionId: 'p' }, 'did you mean "predictionId"? Call it prediction_id'],
  ['ts', { x: 1, Timestamp: 1 }, 'did you mean "Timestamp"? Call it ts'],
  ['features', { inputs: {} }, 'did you mean "inputs"? Call it features'],
  ['ts', { timeout: 3 }, 'send it'],
])('asks for a missing %s under the name that was sent in its place', (field, event, said) => {
  const message = `${field} is missing or null: send it`;
  expect(withLookAlike(message, Buffer.from(JSON.stringify(event)))).toBe(
    `${field} is missing or null: ${said}`,
  );
});

it('leaves other messages, and events that are no object, alone', () => {
  expect(withLookAlike('model is not a string: quote it', Buffer.from('{"modelKey":1}'))).toBe(
    'model is not a string: quote it',
  );
  for (const bytes of ['[]', '{', '3'])
    expect(withLookAlike('ts is missing or null: send it', Buffer.from(bytes))).toMatch(/send it$/);
});

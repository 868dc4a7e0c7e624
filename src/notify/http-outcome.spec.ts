import { expect, it } from 'vitest';
import { httpOutcome } from './http-outcome.js';

const answer = (status: number, body: string) =>
  httpOutcome({ kind: 'response', status, body, retryAfterMs: null });

it('says what a receiver answered, and nothing where it said nothing', () => {
  expect(answer(500, 'no such tenant\n')).toMatchObject({ error: 'HTTP 500: no such tenant' });
  expect(answer(403, ' ')).toMatchObject({ code: 'http_403', error: 'HTTP 403' });
});

import { beforeEach, expect, it } from 'vitest';
import { ADA, begin, decide, now, record, report, state } from '../../test/support/retraining-ground.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import { lastWord } from './last-word.js';
import { declinePromotion, promotionProposed } from './promotion.js';

beforeEach(begin);

it('is the latest there is to say, not what the job said on its way', () => {
  decide();
  const run = () => state.list()[0]!;
  const word = () => lastWord(state.story(run().id)!, run());
  expect(word()).toBe('it is on its way to the job');
  report('running', { message: 'fitting' });
  expect(word()).toBe('fitting');
  report('succeeded', { model_version: '8' });
  expect(word()).toBe('it made version 8');
  const subject = { type: 'retraining', id: run().id };
  const evaluation = { rows: 300, metrics: [], advice: 'PROMOTE', certainty: 0.99, reason: '8 is better' };
  record([{ action: 'retraining.evaluated', actor: SYSTEM, at: now, subject, data: { evaluation } }]);
  expect(word()).toBe('8 is better');
  record([promotionProposed(run(), now)]);
  expect(word()).toBe('version 8 is better and waits for a yes or no');
  record(declinePromotion(state, { id: run().id, note: 'too slow', actor: ADA }, now));
  expect(word()).toBe('version 8 does not take over: too slow');
  const reason = 'the problem is there under version 8: x';
  record([{ action: 'retraining.rejected', actor: SYSTEM, at: now, subject, data: { reason } }]);
  expect(word()).toBe(reason);
});

it('says so where a job that failed gave no reason', () => {
  decide();
  report('running', { message: 'fitting' });
  report('failed');
  const run = state.list()[0]!;
  expect(lastWord(state.story(run.id)!, run)).toBe('the job gave no reason');
});

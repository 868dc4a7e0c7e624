import { beforeEach, describe, expect, it } from 'vitest';
import {
  ADA,
  begin,
  context,
  decide,
  guards,
  now,
  record,
  report,
  state,
} from '../../test/support/retraining-ground.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import { approveRetraining, cancelRetraining } from './by-hand.js';
import { goesOnAt, lastWord } from './last-word.js';
import { trainingOutlook } from './outlook.js';
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

describe('a request that is not with its job yet', () => {
  const id = () => state.list()[0]?.id ?? '';
  const word = () => lastWord(state.story(id())!, state.find(id()));
  const next = () => goesOnAt(state.story(id())!, state.find(id()));
  const sending = (action: string, data: Record<string, string>) =>
    record([{ action, actor: SYSTEM, at: now, subject: { type: 'delivery', id: id() }, data }]);

  it('says until when it waits for labels', () => {
    decide({ guards: guards({ labelDelay: '3d' }) });
    expect(word()).toBe(
      'it is sent at 2026-11-24 10:00:00 UTC, when the newest rows have had their time to get labels (labelDelay)',
    );
    expect(next()).toEqual(new Date('2026-11-24T10:00:00Z'));
    sending('delivery.attempting', {});
    expect(word()).toBe('it is on its way to the job');
    expect(next()).toBeNull();
  });

  it('says why its orchestrator has not got it, and when that is tried again', () => {
    decide();
    sending('delivery.attempting', {});
    const nextAt = '2026-11-21T10:04:00.000Z';
    sending('delivery.ambiguous', { code: 'http_503', error: 'HTTP 503: away', nextAt });
    expect(word()).toMatch(
      /^it did not reach webhook https:.* \(HTTP 503: away\); tried again at 2026-11-21 10:04:00 UTC$/u,
    );
    expect(next()).toEqual(new Date(nextAt));
    expect(trainingOutlook(state, context(), now).reason).toContain('is requested: it did not reach');
    sending('delivery.delivered', {});
    expect(word()).toBe('it was sent, and the job has not answered yet');
    expect(next()).toBeNull();
  });
});

it('names everybody who decided something, and when', () => {
  decide({ guards: guards({ mode: 'approve' }) });
  const id = state.list()[0]?.id ?? '';
  record(approveRetraining(state, { id, note: 'labels checked', actor: ADA }, { known: [] }, now));
  record(cancelRetraining(state, { id, note: 'wrong month', actor: { type: 'key', id: 'bob' } }, now));
  expect(state.story(id)?.decisions).toEqual([
    { at: now, by: 'ada', decision: 'approved', note: 'labels checked' },
    { at: now, by: 'bob', decision: 'cancelled', note: 'wrong month' },
  ]);
});

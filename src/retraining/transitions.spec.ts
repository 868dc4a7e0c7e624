import { describe, expect, it } from 'vitest';
import {
  begin,
  decide,
  guards,
  now,
  record,
  report,
  state,
  tokenOf,
} from '../../test/support/retraining-ground.js';
import { applyCallback, CallbackRefused } from './callback.js';
import { cancelRetraining } from './by-hand.js';
import { JOB_STATES, type JobState, type RetrainingState } from './retraining.js';

const verdict = (action: string) => () => {
  report('succeeded', { model_version: '8' });
  const subject = { type: 'retraining', id: state.list()[0]?.id ?? '' };
  record([
    { action, actor: { type: 'system', id: 'spec' }, at: now, subject, data: { model: 'credit-default' } },
  ]);
};
const declined = () => {
  const subject = { type: 'retraining', id: state.list()[0]?.id ?? '' };
  record([
    {
      action: 'retraining.declined',
      actor: { type: 'user', id: 'ada' },
      at: now,
      subject,
      data: { note: 'no' },
    },
  ]);
};

/** How a run gets into each state, and what a job may say there: `+` taken, `=` said before, anything else is a conflict. */
const TABLE: readonly (readonly [RetrainingState, () => void, string])[] = [
  //                                                         accepted running succeeded failed cancelled
  ['proposed', () => undefined, '.....'],
  ['declined', declined, '.....'],
  ['requested', () => undefined, '+++++'],
  ['accepted', () => report('accepted'), '=++++'],
  ['running', () => report('running'), '.=+++'],
  ['succeeded', () => report('succeeded'), '..=..'],
  ['failed', () => report('failed'), '...=.'],
  ['cancelled', () => report('cancelled'), '....='],
  ['timed_out', verdict('retraining.timed_out'), '.....'],
  ['validated', verdict('retraining.validated'), '.....'],
  ['rejected', verdict('retraining.rejected'), '.....'],
];

describe('what a job may say of a run', () => {
  it.each(TABLE)('that is %s', (wanted, arrive, row) => {
    const said = JOB_STATES.map((status) => {
      begin();
      const waits = wanted === 'proposed' || wanted === 'declined';
      decide({ guards: guards({ mode: waits ? 'approve' : 'auto' }) });
      arrive();
      const run = state.list()[0];
      expect(run?.state).toBe(wanted);
      return answerTo(run?.id ?? '', status);
    });
    expect(said.join('')).toBe(row);
  });

  function answerTo(id: string, status: JobState): string {
    try {
      return applyCallback(state, id, tokenOf(id), { status }, now).length > 0 ? '+' : '=';
    } catch (error) {
      return error instanceof CallbackRefused && error.status === 409 ? '.' : String(error);
    }
  }
});

it('calls off what goes on, and nothing else', () => {
  begin();
  decide();
  const word = {
    id: state.list()[0]?.id ?? '',
    note: 'wrong data',
    actor: { type: 'user', id: 'ada' },
  } as const;
  record(cancelRetraining(state, word, now));
  expect(state.list()[0]).toMatchObject({ state: 'cancelled', note: 'wrong data' });
  expect(() => cancelRetraining(state, word, now)).toThrow(/is cancelled: only one that was asked for/u);
});

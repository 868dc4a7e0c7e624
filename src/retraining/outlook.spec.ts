import { beforeEach, describe, expect, it } from 'vitest';
import {
  AGE,
  begin,
  context,
  decide,
  finishedRun,
  guards,
  incident,
  now,
  state,
} from '../../test/support/retraining-ground.js';
import { NO_RETRAINING } from './guards.js';
import { trainingOutlook } from './outlook.js';
import type { RetrainContext } from './ask.js';

describe('trainingOutlook', () => {
  beforeEach(begin);
  const why = (changed: Partial<RetrainContext> = {}) => trainingOutlook(state, context(changed), now).reason;

  it('says what is under way, put off, in the way, or that nothing asked', () => {
    expect(why({ guards: NO_RETRAINING })).toMatch(/would be refused now: no retraining is set up/u);
    expect(why({ guards: guards({}, true) })).toMatch(/would be put off now: retraining is paused/u);
    expect(why({ guards: guards({ mode: 'recommend' }) })).toMatch(/^the mode is recommend/u);
    const fault = incident({ signal: { ...AGE, check: 'null_rate' }, summary: 'age is null' });
    expect(why({ open: [fault] })).toMatch(/would be put off now: the data are faulty: age is null/u);
    expect(why()).toMatch(/^nothing asked/u);
    expect(why({ open: [incident()] })).toMatch(/asked before/u);
    decide();
    expect(why()).toMatch(/^run [0-9a-f]{32} is requested: it is on its way to the job$/u);
    begin();
    finishedRun();
    decide();
    expect(why()).toMatch(/^a training is put off: the last run ended .*, until 2026-11-22T10:00:00/u);
  });
});

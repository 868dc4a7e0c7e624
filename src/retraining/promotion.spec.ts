import { beforeEach, describe, expect, it } from 'vitest';
import {
  ADA,
  begin,
  context,
  finishedRun,
  HOUR,
  later,
  now,
  record,
  report,
  state,
} from '../../test/support/retraining-ground.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import { requestRetraining } from './by-hand.js';
import {
  approvePromotion,
  declinePromotion,
  demandOther,
  promotionProposed,
  promotionStep,
} from './promotion.js';

const HIGH = { impact: 'high', frequency: 'high' } as const;
const LOW = { impact: 'low', frequency: 'low' } as const;
const BOB = { type: 'user', id: 'bob' } as const;

describe('a better version', () => {
  beforeEach(() => {
    begin();
    finishedRun();
  });
  const run = () => state.list()[0]!;
  const word = (actor: typeof ADA | typeof BOB, note = 'seen') => ({ id: run().id, note, actor });

  it.each([
    ['advise', LOW, 'advise'],
    ['advise', HIGH, 'advise'],
    ['approve', LOW, 'propose'],
    ['auto', LOW, 'promote'],
    ['auto', HIGH, 'propose'],
  ] as const)('promote: %s', (wanted, risk, step) => expect(promotionStep(wanted, risk)).toBe(step));

  it('waits for one yes or no, and is decided once', () => {
    expect(() => approvePromotion(state, word(ADA), now)).toThrow(/is not proposed/u);
    record([promotionProposed(run(), now)]);
    expect(() => declinePromotion(state, word(ADA, ' '), now)).toThrow(/say why/u);
    record(declinePromotion(state, word(ADA, 'slow'), now));
    expect(run().promotion).toMatchObject({ state: 'DECLINED', decidedBy: 'ada', note: 'slow' });
    expect(() => approvePromotion(state, word(BOB), now)).toThrow(/was declined/u);
  });

  it('is not promoted by whoever asked for it where the risk is high', () => {
    later(24 * HOUR);
    const wish = { reason: 'a new product line', version: '7' };
    record(requestRetraining(state, { ...wish, actor: ADA }, context(), now));
    report('succeeded', { model_version: '9' });
    record([promotionProposed(run(), now)]);
    const own = run();
    expect(state.askersOf(own.id)).toEqual(['ada']);
    const askers = ['ada@bank.example'];
    for (const person of ['ada@bank.example', ' Ada@Bank.example'])
      expect(() => demandOther(own, { person, askers }, HIGH)).toThrow(
        /^you asked for the run that made version 9 .*: somebody else promotes it$/u,
      );
    for (const [person, risk] of [
      ['bob@bank.example', HIGH],
      ['ada@bank.example', LOW],
    ] as const)
      expect(() => demandOther(own, { person, askers }, risk)).not.toThrow();
  });

  it('is proposed no more when a newer comparison says otherwise', () => {
    record([promotionProposed(run(), now)]);
    const evaluation = { rows: 300, metrics: [], advice: 'KEEP', certainty: 0.99, reason: 'worse' };
    const subject = { type: 'retraining', id: run().id };
    record([
      {
        action: 'retraining.evaluated',
        actor: SYSTEM,
        at: now,
        subject,
        data: { model: 'credit-default', evaluation },
      },
    ]);
    expect(run().promotion).toBeNull();
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import {
  actions,
  ADA,
  AGE,
  begin,
  change,
  context,
  decide,
  finishedRun,
  guards,
  HOUR,
  incident,
  later,
  now,
  record,
  report,
  state,
} from '../../test/support/retraining-ground.js';
import type { Incident } from '../domain/incident.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { Model } from '../domain/model.js';
import type { RetrainContext } from './ask.js';
import { approveRetraining, cancelRetraining, declineRetraining, requestRetraining } from './by-hand.js';
import { decideDeferred } from './decide-deferred.js';

beforeEach(begin);

describe('decideDeferred', () => {
  const open = [incident()];
  const again = (changed: Partial<RetrainContext> = {}): readonly NewEntry[] =>
    record(decideDeferred(state, context({ open, ...changed }), now));

  it('asks for the run once, the moment the cooldown is over', () => {
    const hourly = { guards: guards({ notSoonerThan: '1h' }) };
    finishedRun();
    later(5 * 60_000);
    decide(hourly);
    later(55 * 60_000 - 1);
    expect(again(hourly)).toEqual([]);
    later(1);
    expect(actions(again(hourly))).toEqual(['retraining.requested', 'delivery.requested']);
    expect(again(hourly)).toEqual([]);
    expect(state.deferralOf('credit-default')).toBeUndefined();
  });

  it('gives two causes during a run one further run, and keeps the id of the wish', () => {
    decide({}, [change('opened', { id: 'i-first', signal: AGE })]);
    const elsewhere = (changed: Partial<Incident>) => ({ ...change('opened', changed), caseId: 'case-2' });
    decide({}, [elsewhere({})]);
    decide({}, [elsewhere({ id: 'i-more', signal: { ...AGE, feature: 'income' } })]);
    const waiting = state.deferralOf('credit-default');
    expect(waiting?.cause.incidentIds).toEqual(['i-age', 'i-more']);
    report('succeeded', { model_version: '8' });
    later(24 * HOUR);
    expect(actions(again())).toEqual(['retraining.requested', 'delivery.requested']);
    expect(state.list().map(({ id }) => id)).toContain(waiting?.id);
    expect(again()).toEqual([]);
  });

  it('waits for what stops it next, and says so once', () => {
    const few = { newLabels: 10, guards: guards({ minLabels: 1_000, notSoonerThan: '1h' }) };
    finishedRun();
    decide(few);
    later(HOUR);
    expect(again(few)).toMatchObject([{ action: 'retraining.deferred', data: { guard: 'labels' } }]);
    expect(again(few)).toEqual([]);
    expect(actions(again({ ...few, newLabels: 1_000 }))).toContain('retraining.requested');
    const { id } = state.list()[0] ?? { id: '' };
    expect(state.story(id)?.stops.map(({ guard }) => guard)).toEqual(['not_sooner_than', 'labels']);
  });

  it('lapses when the problem ended by itself', () => {
    finishedRun();
    decide();
    later(HOUR);
    expect(actions(again({ open: [] }))).toEqual(['retraining.lapsed']);
    expect(state.deferralOf('credit-default')).toBeUndefined();
  });

  it('waits for the end of a pause that begins meanwhile', () => {
    finishedRun();
    decide();
    later(48 * HOUR);
    const paused = { guards: guards({}, true) };
    expect(actions(again(paused))).toEqual(['retraining.deferred']);
    expect(again(paused)).toEqual([]);
    expect(actions(again())).toEqual(['retraining.requested', 'delivery.requested']);
  });

  it('adds the person who asks for what is under way already to those who want it', () => {
    const open = [incident()];
    decide({ guards: guards({ mode: 'approve' }) });
    const asked = { reason: 'it costs us', version: '7', actor: ADA, incidents: ['i-age'], caseId: 'case-1' };
    const ask = () => record(requestRetraining(state, asked, context({ open }), now));
    expect(actions(ask())).toEqual(['retraining.joined']);
    expect(ask()).toEqual([]);
    const [run] = state.list();
    expect(state.askersOf(run?.id ?? '')).toContain(ADA.id);
    expect(state.story(run?.id ?? '')).toMatchObject({ cause: { kind: 'incident' }, outcome: 'proposed' });
  });
});

describe('by hand', () => {
  const HIGH = Model.parse({
    key: 'credit-default',
    task: 'regression',
    risk: { impact: 'high', frequency: 'high' },
  });
  const EVE = { type: 'key', id: 'eve' } as const;
  const ask = (changed: Partial<RetrainContext> = {}, reason = 'a new product line'): readonly NewEntry[] =>
    record(requestRetraining(state, { reason, version: '7', actor: ADA }, context(changed), now));

  it('asks at once, whatever the mode, and says who wanted it', () => {
    expect(actions(ask({ guards: guards({ mode: 'recommend' }) }))).toEqual([
      'retraining.requested',
      'delivery.requested',
    ]);
    expect(state.history()[0]).toMatchObject({
      askedBy: 'ada',
      cause: { kind: 'manual', summary: 'a new product line' },
    });
  });

  it('is put off like any other, and is not given up for want of an incident', () => {
    finishedRun();
    ask();
    later(24 * HOUR);
    expect(actions(record(decideDeferred(state, context(), now)))).toContain('retraining.requested');
    expect(state.history()[0]).toMatchObject({ askedBy: 'ada', cause: { kind: 'manual' } });
  });

  it('joins what waits already: the reason is on record beside the first one, and it no longer ends with the incident', () => {
    finishedRun();
    decide({}, [change('opened', { id: 'i-age', signal: AGE })]);
    const waiting = state.deferralOf('credit-default');
    expect(actions(ask())).toEqual(['retraining.deferred']);
    expect(ask()).toEqual([]);
    const word = { id: waiting?.id ?? '', note: 'go', actor: EVE };
    expect(() => declineRetraining(state, word, now)).toThrow(
      /is deferred: only a proposed one waits for a yes or no/,
    );
    expect(() => cancelRetraining(state, word, now)).toThrow(
      /is deferred: only one that was asked for and goes on/,
    );
    const story = state.story(waiting?.id ?? '');
    expect(story).toMatchObject({
      outcome: 'deferred',
      askedBy: 'tidewatch',
      cause: {
        kind: 'incident',
        incidentIds: ['i-age'],
        caseId: 'case-1',
        summary: 'the error rate doubled',
      },
      wishes: [
        { by: 'tidewatch', summary: 'the error rate doubled' },
        { by: 'ada', summary: 'a new product line' },
      ],
    });
    expect(story?.stops).toHaveLength(1);
    decide({}, [change('opened', { id: 'i-more', signal: { ...AGE, feature: 'income' } })]);
    later(24 * HOUR);
    const advised = { open: [], guards: guards({ mode: 'recommend' }) };
    const asked = record(decideDeferred(state, context(advised), now));
    expect(asked[0]).toMatchObject({ action: 'retraining.requested', actor: { id: 'ada' } });
    expect(state.list()[0]?.message.cause).toMatchObject({
      kind: 'incident',
      incidentIds: ['i-age', 'i-more'],
    });
  });

  it('remembers everybody who joined: none of them says yes to it', () => {
    finishedRun();
    ask({ model: HIGH });
    record(
      requestRetraining(state, { reason: 'me too', version: '7', actor: EVE }, context({ model: HIGH }), now),
    );
    later(24 * HOUR);
    record(decideDeferred(state, context({ model: HIGH }), now));
    const id = state.list()[0]?.id ?? '';
    expect(state.askersOf(id)).toEqual(expect.arrayContaining([ADA.id, EVE.id]));
  });

  it('wants a reason', () => {
    expect(() => ask({}, ' ')).toThrow('reason: say why, for the ledger');
  });

  it('of a model of high risk waits for a yes, and is asked for with it', () => {
    expect(actions(ask({ model: HIGH }))).toEqual(['retraining.proposed']);
    const id = state.list()[0]?.id ?? '';
    const approved = approveRetraining(state, { id, note: '', actor: EVE }, { known: [] }, now);
    expect(actions(approved)).toEqual(['retraining.approved', 'delivery.requested']);
  });

  it('has every yes in its story, also that after which others are still asked', () => {
    ask({ model: HIGH });
    const id = state.list()[0]?.id ?? '';
    const yes = (kind: string, said: number, note: string): NewEntry => ({
      action: 'approval.given',
      actor: EVE,
      at: now,
      subject: { type: 'approval', id },
      data: { kind, hash: '', person: 'eve', note, yes: said, needed: 2 },
    });
    record([yes('TRAINING', 1, 'fine'), yes('TRAINING', 2, ''), yes('PROMOTION', 1, 'looked at both')]);
    expect(state.story(id)?.decisions).toMatchObject([
      { by: 'eve', decision: 'approved', note: 'fine' },
      { by: 'eve', decision: 'promotion_approved', note: 'looked at both' },
    ]);
    record([{ ...yes('TRAINING', 1, 'of something else'), subject: { type: 'approval', id: 'unknown' } }]);
    expect(state.story('unknown')).toBeUndefined();
  });

  it('joins a proposal that waits, whatever the reason, so that whoever asked says no yes to it', () => {
    decide({ guards: guards({ mode: 'approve' }) });
    expect(actions(ask())).toEqual(['retraining.joined']);
    const [run] = state.list();
    expect(state.askersOf(run?.id ?? '')).toContain(ADA.id);
    expect(state.deferralOf('credit-default')).toBeUndefined();
  });

  it('trains the version that answers when it is asked for, not the one of when it was put off', () => {
    finishedRun();
    ask();
    later(24 * HOUR);
    record(decideDeferred(state, context({ champion: '8' }), now));
    expect(state.list()[0]?.message.version).toBe('8');
  });

  it('is put off while there is no label at all, and asked for when there is one', () => {
    expect(actions(ask({ newLabels: 0 }))).toEqual(['retraining.deferred']);
    const again = (newLabels: number) => record(decideDeferred(state, context({ newLabels }), now));
    expect(actions(again(0))).toEqual([]);
    expect(actions(again(1))).toEqual(['retraining.requested', 'delivery.requested']);
  });

  it('frees the model when a person says no', () => {
    ask({ model: HIGH });
    const id = state.list()[0]?.id ?? '';
    expect(() => declineRetraining(state, { id, note: '', actor: EVE }, now)).toThrow('note: say why');
    record(declineRetraining(state, { id, note: 'not before the audit', actor: EVE }, now));
    expect(state.find(id)?.state).toBe('declined');
    expect(state.inFlight('credit-default')).toBeUndefined();
    expect(state.story(id)).toMatchObject({
      outcome: 'declined',
      decidedBy: 'eve',
      note: 'not before the audit',
    });
  });

  it('does not make others wait for a run that was called off before anybody got it', () => {
    decide();
    const id = state.list()[0]?.id ?? '';
    record(cancelRetraining(state, { id, note: 'wrong month', actor: EVE }, now));
    expect(state.lastFinishedAt('credit-default')).toBeNull();
    expect(state.requestedSince('credit-default', new Date(0))).toEqual([]);
    expect(actions(decide())).toContain('retraining.requested');
    const second = state.list().find(({ state }) => state === 'requested');
    report('running');
    record(cancelRetraining(state, { id: second?.id ?? '', note: 'wrong month', actor: EVE }, now));
    expect(state.lastFinishedAt('credit-default')).toEqual(now);
    expect(state.lastTrainedAt('credit-default')).toEqual(now);
  });

  it('uses up no labels by a run that never reached its job', () => {
    decide();
    const subject = { type: 'delivery', id: state.list()[0]?.id ?? '' };
    record([
      { action: 'delivery.dead', actor: ADA, at: now, subject, data: { error: 'no row has a label' } },
    ]);
    expect(state.list()[0]?.state).toBe('failed');
    expect(state.lastFinishedAt('credit-default')).toEqual(now);
    expect(state.lastTrainedAt('credit-default')).toBeNull();
  });
});

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
  SECRET,
  START,
  state,
  tokenOf,
} from '../../test/support/retraining-ground.js';
import type { Incident } from '../domain/incident.js';
import type { IncidentChange } from '../domain/incident-change.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { Model } from '../domain/model.js';
import type { RetrainContext } from './ask.js';
import { approveRetraining, resetBreaker } from './by-hand.js';
import { applyCallback, CallbackRefused, expireRetrainings } from './callback.js';
import { decideDeferred } from './decide-deferred.js';
import { decideRetraining, decideScheduledRetraining } from './decide.js';
import { RetrainingGuards } from './guards.js';
import { proveRetrainings } from './prove.js';

beforeEach(begin);

describe('decideRetraining', () => {
  it('asks for a run in one block with its delivery, and keeps no token', () => {
    const entries = decide();
    expect(actions(entries)).toEqual(['retraining.requested', 'delivery.requested']);
    const id = entries[0]?.subject.id ?? '';
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(entries[1]).toMatchObject({
      subject: { type: 'delivery', id },
      data: { purpose: 'retrain', destination: { id: 'retrain:jobs' } },
    });
    expect(state.find(id)).toMatchObject({
      state: 'requested',
      message: { callbackUrl: `https://tidewatch.example/v1/callbacks/retrain/${id}` },
    });
    expect(JSON.stringify(entries)).not.toContain(tokenOf(id));
    expect(JSON.stringify(entries)).not.toContain(SECRET);
  });

  it.each<[string, IncidentChange]>([
    ['a policy did not ask', change('opened', { retrain: false })],
    ['the problem only recovers', change('recovering')],
    ['somebody acknowledged', change('acknowledged')],
    ['the incident closed', change('closed', { state: 'CLOSED' })],
  ])('does nothing when %s', (_why, of) => {
    expect(decide({}, [of])).toEqual([]);
  });

  it('refuses where nothing is set up, which waiting does not change, and says so', () => {
    const entries = decide({ guards: RetrainingGuards.parse({}) });
    expect(entries).toMatchObject([
      {
        action: 'retraining.refused',
        data: { guard: 'not_configured', model: 'credit-default', cause: 'incident' },
      },
    ]);
    expect(entries[0]?.data['reason']).toMatch(/\w+ \w+/);
  });

  it.each(['approve', 'auto'])('takes two causes of one case for one problem, in mode %s', (mode) => {
    const settings = { guards: guards({ mode }) };
    decide(settings);
    const run = () => state.list()[0]!;
    const age = change('opened', { id: 'i-2', signal: AGE, summary: 'age moved' });
    expect(actions(decide(settings, [age]))).toEqual(['retraining.joined']);
    expect(decide(settings, [age])).toEqual([]);
    expect(decide(settings, [change('escalated')])).toEqual([]);
    expect(state.history()).toHaveLength(1);
    expect(state.deferralOf('credit-default')).toBeUndefined();
    expect(run().series).toHaveLength(2);
    expect(run().message.cause).toMatchObject({ kind: 'incident', incidentIds: ['i-age', 'i-2'] });
    expect(state.story(run().id)?.wishes.map(({ summary }) => summary)).toEqual([
      'the error rate doubled',
      'age moved',
    ]);
    const elsewhere = {
      ...age,
      caseId: 'case-2',
      incident: incident({ id: 'i-3', signal: { ...AGE, feature: 'sex' } }),
    };
    expect(actions(decide(settings, [elsewhere]))).toEqual(['retraining.deferred']);
  });

  const NULLS = () => incident({ id: 'i-null', signal: { ...incident().signal, check: 'null_rate' } });
  it.each<[guard: string, dueAt: string | null, arrange: () => Partial<RetrainContext>]>([
    ['data_fault', null, () => ({ open: [NULLS()] })],
    ['paused', null, () => ({ guards: guards({}, true) })],
    ['in_flight', null, () => (decide({}, [{ ...change('opened', { signal: AGE }), caseId: 'case-2' }]), {})],
    ['not_sooner_than', '2026-11-22T10:00:00.000Z', () => (finishedRun(), later(24 * HOUR - 1), {})],
    [
      'budget',
      '2026-11-28T10:00:00.000Z',
      () => (finishedRun(), later(25 * HOUR), { guards: guards({ budget: { runs: 1, per: '7d' } }) }),
    ],
    ['labels', null, () => ({ newLabels: 999, guards: guards({ minLabels: 1_000 }) })],
    ['labels', null, () => ({ newLabels: null, guards: guards({ minLabels: 1_000 }) })],
  ])('puts off by %s until %s', (guard, dueAt, arrange) => {
    const entries = decide(arrange());
    expect(entries.at(-1)).toMatchObject({ action: 'retraining.deferred', data: { guard, dueAt } });
    expect(actions(entries)).not.toContain('delivery.requested');
    expect(state.deferralOf('credit-default')).toMatchObject({ guard, dueAt });
  });

  it.each<[until: string, dueAt: string | null, minLabels: number]>([
    ['the last guard rail that says no lets it pass', '2026-11-28T10:00:00.000Z', 0],
    ['something else than time must happen for one of them', null, 1_000],
  ])('puts off by the first of several, until %s', (_until, dueAt, minLabels) => {
    finishedRun();
    later(HOUR);
    const settings = { guards: guards({ budget: { runs: 1, per: '7d' }, minLabels }), newLabels: 0 };
    const data = { guard: 'not_sooner_than', dueAt };
    expect(decide(settings).at(-1)).toMatchObject({ action: 'retraining.deferred', data });
  });

  it.each<[what: string, open: Partial<Incident>]>([
    ['a volume that grew', { effect: 0.19, signal: { ...incident().signal, check: 'volume' } }],
    ['nulls that only inform', { severity: 'info', signal: { ...incident().signal, check: 'null_rate' } }],
  ])('takes %s for no fault of the data', (_what, open) => {
    expect(actions(decide({ open: [incident({ id: 'i-other', ...open })] }))).toContain(
      'retraining.requested',
    );
  });

  it('takes a volume that fell for a fault of the data', () => {
    const fell = incident({
      id: 'i-volume',
      effect: -0.6,
      signal: { ...incident().signal, check: 'volume' },
    });
    expect(actions(decide({ open: [fell] }))).toEqual(['retraining.deferred']);
  });

  it.each<[what: string, arrange: () => Partial<RetrainContext>]>([
    ['G-13: exactly 24 hours after the last run', () => (finishedRun(), later(24 * HOUR), {})],
    [
      'when the budget has room again',
      () => (finishedRun(), later(168 * HOUR), { guards: guards({ budget: { runs: 1, per: '7d' } }) }),
    ],
    ['with just enough labels', () => ({ newLabels: 1_000, guards: guards({ minLabels: 1_000 }) })],
    [
      'once the data fault is closed',
      () => ({
        open: [
          incident({ id: 'i-null', state: 'CLOSED', signal: { ...incident().signal, check: 'null_rate' } }),
        ],
      }),
    ],
  ])('asks %s', (_what, arrange) => {
    expect(actions(decide(arrange()))).toContain('retraining.requested');
  });

  it.each([
    ['observe', ['retraining.recommended']],
    ['recommend', ['retraining.recommended']],
    ['approve', ['retraining.proposed']],
    ['auto', ['retraining.requested', 'delivery.requested']],
  ])('in mode %s writes %j', (mode, wanted) => {
    expect(actions(decide({ guards: guards({ mode }) }))).toEqual(wanted);
  });

  it('G-06: asks a person for a model of high risk, whatever the mode', () => {
    const model = Model.parse({
      key: 'credit-default',
      task: 'regression',
      risk: { impact: 'high', frequency: 'high' },
    });
    expect(actions(decide({ model }))).toEqual(['retraining.proposed']);
    const id = state.list()[0]?.id ?? '';
    const word = { id, note: 'the labels are complete', actor: ADA };
    expect(actions(record(approveRetraining(state, word, { known: [] }, now)))).toEqual([
      'retraining.approved',
      'delivery.requested',
    ]);
    expect(() => approveRetraining(state, word, { known: [] }, now)).toThrow(`run ${id} is requested`);
    expect(state.story(id)).toMatchObject({
      outcome: 'approved',
      decidedBy: 'ada',
      note: 'the labels are complete',
    });
  });

  it('stops after two runs that left their cause in place, until a person says go on', () => {
    for (let run = 0; run < 2; run++) {
      finishedRun();
      later(48 * HOUR);
    }
    const entries = decide();
    expect(actions(entries)).toEqual(['retraining.asked_again', 'retraining.refused']);
    expect(entries[1]?.data['guard']).toBe('futility');
    const reset = { model: 'credit-default', note: 'the feature is mended', actor: ADA };
    record(resetBreaker(state, reset, now));
    expect(() => resetBreaker(state, reset, now)).toThrow('there is nothing to reset');
    expect(actions(decide())).toContain('retraining.requested');
  });

  it('is proved by the version it made, once that has answered for a day without the problem', () => {
    const prove = (windows: number, open: readonly Incident[] = []) =>
      record(proveRetrainings(state, { model: 'credit-default', open, without: () => windows }, now));
    finishedRun();
    const again = incident({ signal: { ...incident().signal, version: '8' } });
    expect(prove(23)).toEqual([]);
    expect(prove(24, [again])).toEqual([]);
    expect(actions(prove(24, [incident()]))).toEqual(['retraining.validated']);
    expect(state.list()[0]).toMatchObject({ state: 'validated' });
    expect(prove(25)).toEqual([]);
  });

  it('is not proved by the version that had the problem', () => {
    decide();
    report('succeeded', { model_version: '7' });
    const without = () => 1000;
    expect(proveRetrainings(state, { model: 'credit-default', open: [], without }, now)).toEqual([]);
  });

  it.each<[newest: string, newestRowAt: Date | null, notBefore: string]>([
    ['now', START, '2026-11-24T10:00:00.000Z'],
    ['two days ago', new Date(START.getTime() - 48 * HOUR), '2026-11-22T10:00:00.000Z'],
    ['twelve days ago', new Date(START.getTime() - 288 * HOUR), '2026-11-21T10:00:00.000Z'],
    ['after the end of the period', new Date(START.getTime() + HOUR), '2026-11-24T10:00:00.000Z'],
    ['nowhere', null, '2026-11-21T10:00:00.000Z'],
  ])('waits for the labels of its newest row, which is %s', (_what, newestRowAt, notBefore) => {
    const entries = decide({ newestRowAt, guards: guards({ labelDelay: '3d' }) });
    expect(state.list()[0]?.message.notBefore).toBe(notBefore);
    expect(entries[1]?.data['dueAt']).toBe(notBefore);
  });

  it('decides what waited through a pause anew when that ends, once', () => {
    decide({ guards: guards({}, true) });
    const look = (paused: boolean) =>
      record(decideDeferred(state, context({ open: [incident()], guards: guards({}, paused) }), now));
    expect(look(true)).toEqual([]);
    expect(actions(look(false))).toEqual(['retraining.requested', 'delivery.requested']);
    expect(look(false)).toEqual([]);
  });

  it('decides the same again', () => {
    expect(decideRetraining(state, [change()], context(), now)).toEqual(
      decideRetraining(state, [change()], context(), now),
    );
  });
});

describe('decideScheduledRetraining', () => {
  const due = (changed: Partial<RetrainContext> = {}): readonly NewEntry[] =>
    record(decideScheduledRetraining(state, { ...context(changed), version: '7', trainedAt: START }, now));

  it('asks when the newest training is old enough, at least every 30 days', () => {
    const old = { guards: guards({ atLeastEvery: '30d' }) };
    later(30 * 24 * HOUR - 1);
    expect(due(old)).toEqual([]);
    later(1);
    expect(actions(due(old))).toEqual(['retraining.requested', 'delivery.requested']);
    expect(due(old)).toEqual([]);
  });

  it('records a refusal once a day', () => {
    const old = { guards: guards({ atLeastEvery: '30d', futileRuns: 1, notSoonerThan: '1h' }) };
    finishedRun();
    later(HOUR);
    decide(old);
    later(31 * 24 * HOUR);
    expect(actions(due(old))).toEqual(['retraining.refused']);
    later(23 * HOUR);
    expect(due(old)).toEqual([]);
    later(HOUR);
    expect(actions(due(old))).toEqual(['retraining.refused']);
  });

  it('is put off by a pause, once', () => {
    const old = { guards: guards({ atLeastEvery: '30d' }, true) };
    later(31 * 24 * HOUR);
    expect(actions(due(old))).toEqual(['retraining.deferred']);
    later(24 * HOUR);
    expect(due(old)).toEqual([]);
  });
});

describe('applyCallback', () => {
  const refusal = (id: string, token: string, body: unknown): number | null => {
    try {
      applyCallback(state, id, token, body, now);
      return null;
    } catch (error) {
      return error instanceof CallbackRefused ? error.status : null;
    }
  };

  it('takes no token of an earlier run, a stolen one of another model, nor more from one whose run has ended', () => {
    decide();
    const [old] = state.list();
    report('succeeded', { model_version: '8' });
    later(24 * HOUR);
    decide();
    const id = state.list()[0]?.id ?? '';
    expect(id).not.toBe(old?.id);
    expect(refusal(id, tokenOf(old?.id ?? ''), { status: 'running' })).toBe(401);
    expect(refusal(id, tokenOf('a run of another model'), { status: 'running' })).toBe(401);
    expect(refusal(old?.id ?? '', tokenOf(old?.id ?? ''), { status: 'running' })).toBe(409);
    expect(state.find(id)?.state).toBe('requested');
  });

  it('follows the job to its end and keeps what it reports', () => {
    decide();
    for (const status of ['accepted', 'running']) report(status, { run_url: 'https://jobs.example/1' });
    report('succeeded', { model_version: '8', metrics: { auc: 0.81 } });
    expect(state.list()[0]).toMatchObject({
      state: 'succeeded',
      newVersion: '8',
      metrics: { auc: 0.81 },
      runUrl: 'https://jobs.example/1',
      finishedAt: now,
    });
  });

  it('says nothing to a repetition, 409 to a step back, 401 to another run’s token, 404 and 422 to nonsense', () => {
    decide();
    const id = state.list()[0]?.id ?? '';
    report('running');
    expect(applyCallback(state, id, tokenOf(id), { status: 'running' }, now)).toEqual([]);
    expect(refusal(id, tokenOf(id), { status: 'accepted' })).toBe(409);
    expect(refusal(id, tokenOf('another'), { status: 'succeeded' })).toBe(401);
    expect(refusal(id, '', { status: 'succeeded' })).toBe(401);
    expect(refusal('nobody', tokenOf(id), { status: 'succeeded' })).toBe(404);
    expect(refusal(id, tokenOf(id), { status: 'done' })).toBe(422);
    expect(refusal(id, tokenOf(id), { status: 'running', progres: 3 })).toBe(422);
    report('running', { message: 'epoch 3' });
    expect(state.find(id)?.note).toBe('epoch 3');
    report('failed');
    expect(applyCallback(state, id, tokenOf(id), { status: 'failed' }, now)).toEqual([]);
    expect(refusal(id, tokenOf(id), { status: 'failed', message: 'another reason' })).toBe(409);
    expect(refusal(id, tokenOf(id), { status: 'succeeded' })).toBe(409);
    expect(state.find(id)?.state).toBe('failed');
  });
});

describe('expireRetrainings', () => {
  const delivered = (receipt: object): void => {
    const id = state.list()[0]?.id ?? '';
    const entry = { action: 'delivery.delivered', actor: ADA, at: now, subject: { type: 'delivery', id } };
    record([{ ...entry, data: { receipt: { ...receipt } } }]);
  };

  it('frees the model when nobody accepts in time, or the job does not end', () => {
    decide();
    delivered({ status: 202 });
    later(15 * 60_000);
    expect(expireRetrainings(state, now)).toEqual([]);
    later(1);
    record(expireRetrainings(state, now));
    expect(state.inFlight('credit-default')).toBeUndefined();
    later(48 * HOUR);
    decide();
    delivered({ status: 200, runUrl: 'https://jobs.example/2' });
    expect(state.list()[0]).toMatchObject({ state: 'accepted', runUrl: 'https://jobs.example/2' });
    later(6 * HOUR + 1);
    record(expireRetrainings(state, now));
    expect(state.list()[0]).toMatchObject({
      state: 'timed_out',
      note: expect.stringMatching(/^not finished within .* of being accepted$/u) as string,
    });
  });

  it('frees the model when the request cannot be delivered', () => {
    decide();
    const id = state.list()[0]?.id ?? '';
    record([
      {
        action: 'delivery.dead',
        actor: ADA,
        at: now,
        subject: { type: 'delivery', id },
        data: { error: 'HTTP 404' },
      },
    ]);
    expect(state.list()[0]).toMatchObject({ state: 'failed', note: 'not launched: HTTP 404' });
    expect(state.inFlight('credit-default')).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { Model } from '../domain/model.js';
import { expiredData, type RetentionFacts } from './retention-plan.js';

const DAY = 86_400_000;
const NOW = new Date('2026-11-25T00:00:00Z');
const KEEP = { events: 400 * DAY, summaries: 500 * DAY, results: 800 * DAY, states: 90 * DAY };
const model = Model.parse({ key: 'm', task: 'regression', window: '1h', labels: { expectedWithin: '30d' } });
const ago = (days: number) => new Date(NOW.getTime() - days * DAY);
const FLOORS = { all: DAY, high: 184 * DAY };
const facts: RetentionFacts = { model, references: null, openSince: null, held: [] };

const daysOf = (given: Partial<RetentionFacts>, keep = KEEP) =>
  Object.fromEntries(
    expiredData({ ...facts, ...given }, { keep, floors: FLOORS }, NOW).map(({ dataClass, before }) => [
      dataClass,
      Math.round((NOW.getTime() - before.getTime()) / DAY),
    ]),
  );

describe('data that may go', () => {
  it('is as old as its class is kept, or the model file says', () => {
    // states: labels may come for 30 days, and change what is 90 days old
    expect(daysOf({})).toEqual({ events: 400, summaries: 500, results: 800, states: 120 });
    const own = Model.parse({ key: 'm', task: 'regression', keep: { events: '200d' } });
    expect(daysOf({ model: own })).toMatchObject({ events: 200, summaries: 500 });
  });

  it('cannot come in or change any more', () => {
    const keep = { events: DAY, summaries: DAY, results: DAY, states: DAY };
    expect(daysOf({}, keep)).toEqual({ events: 120, summaries: 120, results: 120, states: 120 });
  });

  it('is older than what an open incident is about', () => {
    expect(daysOf({ openSince: ago(600) })).toEqual({
      events: 600,
      summaries: 600,
      results: 800,
      states: 600,
    });
  });

  it('is not of the period of the reference', () => {
    const reference = { since: ago(700), until: ago(650) };
    const found = expiredData({ ...facts, references: [reference] }, { keep: KEEP, floors: FLOORS }, NOW);
    expect(found.map(({ except }) => except)).toEqual([[reference], [reference], [], []]);
  });

  it('is none while a reference is still to be frozen', () => {
    const learning = Model.parse({ key: 'm', task: 'regression', baseline: { learn: '14d' } });
    expect(expiredData({ ...facts, model: learning }, { keep: KEEP, floors: FLOORS }, NOW)).toEqual([]);
  });

  it('G-17: is never younger than the floor of a model of high risk, whatever is said', () => {
    const high = Model.parse({
      key: 'm',
      task: 'regression',
      keep: { events: '1d', summaries: '1d', results: '1d' },
      risk: { impact: 'high', frequency: 'high' },
      accepts: { past: '1d' },
      lateness: '1d',
      labels: { expectedWithin: '1d' },
    });
    expect(daysOf({ model: high })).toMatchObject({ events: 184, summaries: 2, results: 184 });
  });

  it('leaves out what is held, for a time or without a bound', () => {
    const held = [
      { hold: 'a', since: ago(700), until: ago(650) },
      { hold: 'b', since: null, until: null },
    ];
    const [events] = expiredData({ ...facts, held }, { keep: KEEP, floors: FLOORS }, NOW);
    expect(events?.held[0]).toEqual({ since: ago(700), until: ago(650) });
    expect(events?.held[1]?.since.getTime()).toBe(0);
    expect(events?.held[1]?.until.getUTCFullYear()).toBe(2299);
  });
});

import { describe, expect, it } from 'vitest';
import type { ModelVersion, RegisteredModel } from '../registry/registry.js';
import { ownReference, wantsOwn, type OwnFacts, type SharedWindow } from './own-reference.js';

const HOUR = 3_600_000;
const windows = (count: number, own = 100, other = 100, from = 0): SharedWindow[] =>
  Array.from({ length: count }, (_, i) => ({ from: (from + i) * 12 * HOUR, own, other }));
const at = (window: number) => new Date(window * 12 * HOUR);
const training = { since: at(-100), until: at(-10), version: '1', inputsOnly: true };
const decide = (more: Partial<OwnFacts> = {}) =>
  ownReference({
    model: { window: 12 * HOUR, season: 'week' },
    version: '2',
    windows: windows(28),
    faults: [],
    learntFrom: training,
    hasInputs: false,
    isCalm: true,
    ...more,
  });

describe('what a version that took over is held against', () => {
  it('is its own rows once they cover two weeks, to the window', () => {
    expect(decide()).toEqual({
      source: { since: at(0), until: at(28), version: '2' },
      learnt: 28,
      needed: 28,
    });
  });

  it('is what it was trained on until then, and the model’s where nobody has that', () => {
    expect(decide({ windows: windows(27) })).toEqual({ source: training, learnt: 27, needed: 28 });
    expect(decide({ windows: [], learntFrom: null })).toEqual({ source: null, learnt: 0, needed: 28 });
    expect(decide({ windows: windows(27), hasInputs: true }).source).toBeNull();
    const short = { ...training, since: at(-37) };
    expect(decide({ windows: windows(27), learntFrom: short }).source).toBeNull();
  });

  it('leaves faulty times out, and waits for as many windows more', () => {
    const faults = [{ from: at(3).toISOString(), to: at(5).toISOString() }];
    expect(decide({ faults })).toMatchObject({ source: training, learnt: 26 });
    expect(decide({ faults, windows: windows(30) }).source).toEqual({
      since: at(0),
      until: at(30),
      version: '2',
      exclude: [{ from: at(3), to: at(5) }],
    });
  });

  it('does not make normal what is wrong: rows replace what it was trained on only while it is calm', () => {
    expect(decide({ hasInputs: true, isCalm: false }).source).toBeNull();
    expect(decide({ hasInputs: true }).source).toMatchObject({ version: '2', since: at(0) });
  });

  it('begins when it saw what the model is asked: a canary has another volume', () => {
    const canary = [...windows(40, 5, 100), ...windows(28, 100, 0, 40)];
    expect(decide({ windows: canary }).source).toMatchObject({ since: at(40), until: at(68) });
  });

  it('takes of a long time the newest ninety days', () => {
    expect(decide({ windows: windows(400) }).source).toMatchObject({ since: at(220), until: at(400) });
  });
});

describe('a reference of its own is for a version', () => {
  const version = (
    name: string,
    stage: ModelVersion['stage'],
    answersSince: number | null,
  ): ModelVersion => ({
    version: name,
    stage,
    firstSeenAt: at(0),
    declared: true,
    knownSince: at(0),
    announcedBy: null,
    answersSince: answersSince === null ? null : at(answersSince),
    led: null,
    championed: null,
    record: null,
  });
  const pinned = {
    version: null,
    source: null,
    id: 'b',
    fingerprint: 'f',
    rows: 1,
    pinnedAt: at(1),
    labels: null,
    answering: null,
    replaced: false,
  };
  const model = (changed: Partial<RegisteredModel> = {}): RegisteredModel => ({
    model: {} as RegisteredModel['model'],
    registeredAt: at(0),
    versions: [version('1', 'challenger', 0), version('2', 'champion', 5)],
    baseline: pinned,
    ownBaselines: new Map(),
    calibrations: new Map(),
    ...changed,
  });
  const own = (source: RegisteredModel['model']['baseline']) =>
    new Map([['2', { ...pinned, version: '2', source: source ?? null }]]);

  it.each([
    ['that took over from another', model(), true],
    ['but not the first one', model({ versions: [version('2', 'champion', 5)] }), false],
    [
      'nor one on trial',
      model({ versions: [version('1', 'champion', 0), version('2', 'shadow', null)] }),
      false,
    ],
    ['nor while the model learns', model({ baseline: null }), false],
    ['nor where somebody pinned one since', model({ baseline: { ...pinned, pinnedAt: at(6) } }), false],
    ['nor where it has one', model({ ownBaselines: own({ since: at(0), until: at(9) }) }), false],
    ['and again where that says nothing of what it answers', model({ ownBaselines: own(training) }), true],
  ])('%s', (_name, registered, wanted) => {
    expect(wantsOwn(registered, '2', () => true)).toBe(wanted);
    expect(wantsOwn(registered, '2', () => false)).toBe(false);
  });
});

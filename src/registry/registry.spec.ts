import { beforeEach, describe, expect, it } from 'vitest';
import { type LedgerEntry, type NewEntry, SYSTEM } from '../domain/ledger-entry.js';
import { Model, MODEL_STAGES, type ModelFile, type ModelStage } from '../domain/model.js';
import { lcg } from '../stats/lcg.js';
import { unanswered } from '../domain/version-record.js';
import { readVersionRecord } from './version-record.js';
import { eachReference, heldAgainst, Registry } from './registry.js';
import { ModelNotFound, RegistryError } from './registry-error.js';
import { nextStages } from './stage-transition.js';

const AT = new Date('2026-11-21T10:00:00Z');
const OPS = { type: 'user', id: 'ada' } as const;
const FILE: ModelFile = {
  key: 'credit',
  task: 'binary',
  positive: 'bad',
  features: { age: { type: 'numeric' } },
};

let registry: Registry;
let seq: number;
beforeEach(() => {
  [registry, seq] = [new Registry(), 0];
});

/** Appends as the ledger would: through JSON, in order. */
function record(entries: readonly NewEntry[]): readonly LedgerEntry[] {
  return entries.map((entry) => {
    const data = JSON.parse(JSON.stringify(entry.data)) as NewEntry['data'];
    const recorded = { ...entry, data, seq: ++seq, hash: '' };
    registry.apply(recorded);
    return recorded;
  });
}
const model = (changes: Partial<ModelFile> = {}): Model => Model.parse({ ...FILE, ...changes });
const seen = (version: string): readonly LedgerEntry[] => record(registry.versionSeen('credit', version, AT));
const stage = (
  version: string,
  to: 'champion' | 'retired' | 'shadow' | 'registered',
): readonly LedgerEntry[] =>
  record(registry.stageChanged({ model: 'credit', version, stage: to, reason: 'because', actor: OPS }, AT));

describe('register', () => {
  it('keeps the model as it is, durations and dates included', () => {
    const full = model({
      window: '5m',
      labels: { expectedWithin: '36h' },
      baseline: { since: new Date('2026-01-01'), until: new Date('2026-02-01') },
    });
    record(registry.register(full, OPS, AT));
    expect(registry.load('credit')).toEqual({
      model: full,
      registeredAt: AT,
      versions: [],
      baseline: null,
      ownBaselines: new Map(),
      calibrations: new Map(),
    });
  });

  it('refuses a topic that another model claims', () => {
    const claiming = (key: string) => model({ key, format: { topic: 'seldon.x' } });
    record(registry.register(claiming('credit'), OPS, AT));
    expect(registry.register(claiming('credit'), OPS, AT)).toEqual([]);
    expect(() => registry.register(claiming('debit'), OPS, AT)).toThrow(
      /topic "seldon.x" belongs to model "credit" already/,
    );
  });

  it.each([{ learn: '14d' }, { file: 'a.parquet', timestamp: 'at' }])('keeps the baseline %j', (baseline) => {
    record(registry.register(model({ baseline }), OPS, AT));
    expect(registry.load('credit').model).toEqual(model({ baseline }));
  });

  it('says nothing when nothing changed', () => {
    record(registry.register(model(), OPS, AT));
    expect(registry.register(model(), SYSTEM, AT)).toEqual([]);
  });

  it('records every change with its place, before and after', () => {
    record(registry.register(model(), OPS, AT));
    const features = { age: { type: 'numeric', unit: 'years' }, 'a/b': { type: 'categorical' } } as const;
    const [update] = record(
      registry.register(model({ owner: 'risk', features, window: '15m', segments: ['x'] }), OPS, AT),
    );
    expect(update).toMatchObject({
      action: 'model.updated',
      actor: OPS,
      subject: { type: 'model', id: 'credit' },
    });
    expect(update?.data['changes']).toEqual([
      { path: '/features/a~1b', before: null, after: { type: 'categorical' } },
      { path: '/features/age/unit', before: null, after: 'years' },
      { path: '/owner', before: 'unowned', after: 'risk' },
      { path: '/segments', before: [], after: ['x'] },
      { path: '/window', before: '1h', after: '15m' },
    ]);
    expect(registry.load('credit').model.window).toBe(900_000);
  });

  it('keeps versions and baseline over an update, and refuses another task', () => {
    record(registry.register(model(), OPS, AT));
    seen('1');
    record(registry.register(model({ owner: 'risk' }), OPS, AT));
    expect(registry.load('credit').versions).toHaveLength(1);
    expect(() => registry.register(model({ task: 'regression' }), OPS, AT)).toThrow(RegistryError);
  });
});

describe('versions', () => {
  beforeEach(() => void record(registry.register(model(), OPS, AT)));

  it('are recorded at first sight', () => {
    seen('1');
    seen('2');
    expect(seen('1')).toEqual([]);
    expect(registry.load('credit').versions).toMatchObject([
      { version: '1', stage: 'champion', firstSeenAt: AT, declared: false },
      { version: '2', stage: 'registered', firstSeenAt: AT, declared: false },
    ]);
    expect(() => registry.versionSeen('other', '1', AT)).toThrow(ModelNotFound);
  });

  it('have one champion: a new one makes the former a challenger, in the same block', () => {
    seen('1');
    seen('2');
    stage('1', 'champion');
    const entries = stage('2', 'champion');
    expect(entries.map(({ data }) => [data['version'], data['before'], data['after']])).toEqual([
      ['1', 'champion', 'challenger'],
      ['2', 'registered', 'champion'],
    ]);
    expect(registry.load('credit').versions.map((version) => version.stage)).toEqual([
      'challenger',
      'champion',
    ]);
  });

  it('move only where they may', () => {
    seen('1');
    seen('2');
    expect(stage('2', 'registered')).toEqual([]);
    stage('1', 'champion');
    expect(() => stage('1', 'shadow')).toThrow('can go to: challenger, retired, suspended');
    stage('1', 'retired');
    expect(() => stage('1', 'champion')).toThrow('can go to: nowhere');
    expect(() => stage('9', 'champion')).toThrow('has no version "9"');
  });
});

describe('versions that are announced', () => {
  const announce = (version: string, to: ModelStage) => {
    const change = { model: 'credit', version, stage: to, reason: 'planned', actor: OPS };
    return record(registry.versionRegistered(change, AT));
  };
  const standing = () =>
    registry.load('credit').versions.map((one) => [one.version, one.stage, one.declared]);
  beforeEach(() => void record(registry.register(model(), OPS, AT)));

  it('keep the stage they were announced with when their rows come', () => {
    announce('2', 'registered');
    expect(registry.load('credit').versions[0]?.firstSeenAt).toBeNull();
    seen('1');
    seen('2');
    expect(standing()).toEqual([
      ['2', 'registered', true],
      ['1', 'champion', false],
    ]);
    expect(registry.load('credit').versions[0]?.firstSeenAt).toEqual(AT);
  });

  it.each(['canary', 'challenger', 'shadow'] as const)('as %s leave the first that sends rows, or comes beside them, to answer', (to) => {
    announce('2', to);
    seen('1');
    seen('2');
    seen('3');
    expect(standing()).toEqual([['2', to, true], ['1', 'champion', false], ['3', 'registered', false]]);
    expect(registry.versionSeen('credit', '4', AT)).toMatchObject([{ data: { stage: 'registered' } }]);
  }); // prettier-ignore

  it.each(['canary', 'challenger'] as const)('as %s do not answer alone where their rows come first, nor in the place of a champion put aside before they have any', (to) => {
    announce('2', to);
    seen('2');
    seen('1');
    expect(standing()).toEqual([['2', to, true], ['1', 'champion', false]]);
    stage('1', 'retired');
    seen('3');
    expect(standing().at(-1)).toEqual(['3', 'registered', false]);
  }); // prettier-ignore

  it('as champion are what a person chose, before their rows come as well', () => {
    announce('2', 'champion');
    seen('1');
    expect(standing()).toEqual([
      ['2', 'champion', true],
      ['1', 'registered', false],
    ]);
  });

  it('are announced once; what is known is moved', () => {
    expect(announce('2', 'shadow')).toHaveLength(1);
    expect(announce('2', 'shadow')).toEqual([]);
    expect(() => announce('2', 'champion')).toThrow('change its stage instead');
  });

  it('make a champion that nobody chose a challenger', () => {
    seen('1');
    announce('2', 'champion');
    expect(standing()).toEqual([
      ['1', 'challenger', true],
      ['2', 'champion', true],
    ]);
  });

  it('what nobody chose may become anything, and another version may take its place', () => {
    seen('1');
    seen('2');
    expect(stage('1', 'champion')).toHaveLength(1);
    expect(() => stage('1', 'shadow')).toThrow('cannot become shadow');
    seen('3');
    record(registry.versionTookOver('credit', '3', 'it answers', AT));
    expect(standing()).toEqual([
      ['1', 'challenger', false],
      ['2', 'registered', false],
      ['3', 'champion', false],
    ]);
    expect(stage('3', 'shadow')).toHaveLength(1);
  });
});

it("knows whose rows are a model's own", () => {
  record(registry.register(model({ environments: ['production', 'eu'] }), OPS, AT));
  expect(['production', '', 'eu', 'staging'].map((name) => registry.counts('credit', name))).toEqual([
    true,
    true,
    true,
    false,
  ]);
});

it('puts a baseline in force, once, naming the one it replaces', () => {
  record(registry.register(model(), OPS, AT));
  const pin = {
    model: 'credit',
    id: 'b1',
    fingerprint: 'f1',
    rows: 10,
    source: { file: 'january.parquet' },
    actor: OPS,
  };
  record(registry.baselinePinned(pin, AT));
  expect(registry.load('credit').baseline).toEqual({
    version: null,
    source: { file: 'january.parquet' },
    id: 'b1',
    fingerprint: 'f1',
    labels: null,
    answering: null,
    replaced: false,
    rows: 10,
    pinnedAt: AT,
  });
  expect(registry.baselinePinned(pin, AT)).toEqual([]);
  const [next] = registry.baselinePinned({ ...pin, id: 'b2', fingerprint: 'f2' }, AT);
  expect(next?.data).toMatchObject({ baseline: 'b2', fingerprint: 'f2', replaces: 'f1' });
});

it('holds a version against a reference of its own until somebody pins one for all', () => {
  record(registry.register(model(), OPS, AT));
  const pin = { model: 'credit', fingerprint: 'f', rows: 10, source: null, actor: OPS };
  record(registry.baselinePinned({ ...pin, id: 'b1' }, AT));
  record(registry.baselinePinned({ ...pin, id: 'b8', version: '8' }, AT));
  expect(registry.baselinePinned({ ...pin, id: 'b8', version: '8' }, AT)).toEqual([]);
  const idOf = (version: string) => heldAgainst(registry.load('credit'), version).baseline?.id;
  expect([idOf('7'), idOf('8'), eachReference(registry.load('credit')).length]).toEqual(['b1', 'b8', 2]);
  const labels = { id: 'l1', fingerprint: 'g1', labelled: 9, since: new Date(0), until: AT };
  record(registry.labelsLearnt('credit', 'b8', labels, AT));
  expect(heldAgainst(registry.load('credit'), '8').baseline?.labels).toEqual(labels);
  expect(registry.load('credit').baseline?.labels).toBeNull();
  record(registry.baselinePinned({ ...pin, id: 'b2', fingerprint: 'f2' }, AT));
  expect([idOf('7'), idOf('8')]).toEqual(['b2', 'b2']);
});

it('forgets everything on reset', () => {
  record(registry.register(model(), OPS, AT));
  registry.reset();
  expect(registry.models()).toEqual([]);
  expect(registry.find('credit')).toBeUndefined();
});

it('puts what labels taught beside the baseline it was learnt for, until another baseline is pinned', () => {
  record(registry.register(model(), OPS, AT));
  const pin = { model: 'credit', fingerprint: 'f', rows: 10, source: null, actor: OPS };
  const labels = { id: 'l1', fingerprint: 'g1', labelled: 9, since: new Date(0), until: AT };
  record(registry.baselinePinned({ ...pin, id: 'b1' }, AT));
  expect(registry.labelsLearnt('credit', 'b0', labels, AT)).toEqual([]);
  record(registry.labelsLearnt('credit', 'b1', labels, AT));
  expect(registry.load('credit').baseline).toMatchObject({ id: 'b1', labels });
  expect(registry.labelsLearnt('credit', 'b1', labels, AT)).toEqual([]);
  record(registry.baselinePinned({ ...pin, id: 'b2' }, AT));
  expect(registry.load('credit').baseline?.labels).toBeNull();
});

it('keeps where a version comes from and how long it took to answer, also once it is retired', () => {
  record(registry.register(model(), OPS, AT));
  const named = { model: 'credit', version: '8' };
  const stage = (to: ModelStage) => ({ ...named, stage: to, reason: 'spec', actor: OPS });
  record(registry.versionRegistered(stage('shadow'), AT));
  record(registry.versionDescribed(named, { code: 'repo@1', metrics: { auc: 0.8 } }, OPS, AT));
  record(
    registry.versionDescribed(named, { metrics: { auc: 0.82 }, card: { rollback: '7 stays' } }, OPS, AT),
  );
  expect(registry.versionDescribed(named, { code: 'repo@1' }, OPS, AT)).toEqual([]);
  const later = new Date(AT.getTime() + 3_600_000);
  record(registry.stageChanged(stage('champion'), later));
  record(registry.stageChanged(stage('retired'), new Date(later.getTime() + 1)));
  const given = { code: 'repo@1', metrics: { auc: 0.82 }, card: { rollback: '7 stays' } };
  expect(registry.load('credit').versions).toMatchObject([
    {
      stage: 'retired',
      knownSince: AT,
      answersSince: later,
      announcedBy: OPS.id,
      record: { record: given, by: OPS.id },
    },
  ]);
  expect(unanswered(given)).not.toContain('rollback');
  expect(unanswered(given)).toHaveLength(7);
});

it.each<[string, unknown, RegExp]>([
  ['a digest that is none', { trainingData: { sha256: 'ABC' } }, /record\.trainingData\.sha256: 64 hex/],
  [
    'a field that is not there',
    { hyperparams: {} },
    /"hyperparams" is not a known field; there are trainingData, code/,
  ],
  [
    'a question that nobody asks',
    { card: { rollbak: '7 stays' } },
    /record\.card: "rollbak" is not a known field; did you mean rollback\?; there are problem, data/,
  ],
  ['a metric that is no number', { metrics: { auc: 'high' } }, /record\.metrics\.auc/],
])('refuses a record with %s', (_what, content, message) => {
  expect(() => readVersionRecord(content)).toThrow(message);
});

it('G-03: whatever people do to versions, one answers at most, and what is retired stays so', () => {
  record(registry.register(model(), OPS, AT));
  const versions = ['1', '2', '3', '4', '5'];
  for (const version of versions) seen(version);
  const random = lcg(3);
  const pick = <Item>(from: readonly Item[]): Item => from[Math.floor(random() * from.length)]!;
  const retired = new Set<string>();
  for (let deed = 0; deed < 300; deed++) {
    const [version, to] = [pick(versions), pick(MODEL_STAGES)];
    const before = registry.load('credit').versions.find((one) => one.version === version)!;
    const allowed =
      before.stage === to || nextStages(before.declared ? before.stage : 'registered').includes(to);
    const change = { model: 'credit', version, stage: to, reason: 'because', actor: OPS };
    if (allowed) record(registry.stageChanged(change, AT));
    else expect(() => registry.stageChanged(change, AT)).toThrow('it can go to');
    const now = registry.load('credit').versions;
    expect(now.filter(({ stage: its }) => its === 'champion').length).toBeLessThanOrEqual(1);
    for (const one of now) if (one.stage === 'retired') retired.add(one.version);
    for (const one of retired) expect(now.find((known) => known.version === one)?.stage).toBe('retired');
  }
  expect(retired.size).toBeGreaterThan(0);
  const mute = { model: 'credit', version: '1', stage: 'champion', reason: ' ', actor: OPS } as const;
  record(registry.register(model({ key: 'other' }), OPS, AT));
  record(registry.versionSeen('other', '1', AT));
  expect(() => registry.stageChanged({ ...mute, model: 'other', stage: 'shadow' }, AT)).toThrow(
    'reason: say why: a version moves to another stage',
  );
});

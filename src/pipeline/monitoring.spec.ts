import { describe, expect, it } from 'vitest';
import type { SeriesModel } from '../checks/series.js';
import type { ReferenceWindow } from '../domain/baseline.js';
import { Model, type ModelFile, type ModelStage } from '../domain/model.js';
import { EMPTY_PROFILE } from '../profiles/profile-row.js';
import { armingText } from './arming-text.js';
import { monitoringOf, type MonitoringFacts } from './monitoring.js';
import { unwatchedText } from './unwatched.js';

const modelOf = (more: Partial<ModelFile> = {}) =>
  Model.parse({ key: 'm', task: 'regression', window: '1h', baseline: { learn: '14d' }, ...more });
const version = (stage: ModelStage) => ({ version: '1', stage, firstSeenAt: new Date(0), declared: false });
const series = (status: SeriesModel['status'], feature: string | null = 'age'): SeriesModel => ({
  key: `feature_drift|${feature}|location`,
  check: 'feature_drift',
  feature,
  statistic: 'location',
  family: 'feature',
  weight: 1,
  signs: [1],
  relevance: { unit: 'scale', size: 0 },
  status,
  windows: status === 'learning' ? 12 : 100,
  law: null,
  leastChange: 0,
  typical: 0,
  expectedFalseAlerts: null,
});
const windows = (count: number): ReferenceWindow[] =>
  Array.from({ length: count }, (_, i) => ({
    from: new Date(i),
    to: new Date(i + 1),
    profile: EMPTY_PROFILE,
  }));
const HOUR = 3_600_000;
const facts = (more: Partial<MonitoringFacts> = {}): MonitoringFacts => ({
  model: modelOf(),
  versions: [version('champion')],
  windows: 12,
  baseline: null,
  course: { since: 0, before: 0, mark: 12 * HOUR },
  fitted: null,
  labels: null,
  came: null,
  misspelt: null,
  problem: null,
  faults: [],
  pinned: null,
  own: null,
  ...more,
});
const errors: SeriesModel = {
  ...series('learning', null),
  key: 'concept_drift||error_rate',
  check: 'concept_drift',
  statistic: 'error_rate',
  family: 'performance',
};
const day = (n: number) => new Date(n * 86_400_000);
const fitted = (...of: SeriesModel[]) => ({ series: of, expectedFalseAlerts: 0.4 });
const pinned = { baseline: { windows: windows(336) } };

describe('how far a model is monitored', () => {
  const cases: [string, Partial<MonitoringFacts>, string, RegExp | null][] = [
    ['nothing has come', { versions: [], windows: 0 }, 'NO_DATA', /no prediction/],
    ['its champion sends nothing', { versions: [{ version: '1', stage: 'registered', firstSeenAt: day(0), declared: false }, { version: '2', stage: 'champion', firstSeenAt: null, declared: true }], windows: 3 }, 'CANNOT_JUDGE', /no version answers, there is 1 \(registered\); version 2, announced as champion, has sent no row$/],
    ['it learns', {}, 'LEARNING', /^12 of 336 windows of the reference are there; armed about 1970-01-15 00:00 UTC, once rows of up to then are there$/],
    ['it learns from a period', { model: modelOf({ baseline: { since: '1970-01-01', until: '1970-02-01' } }) }, 'LEARNING', /^12 of 744 .*; armed about 1970-02-01 00:00 UTC,/],
    ['no row of it counts', { windows: 0, course: { since: null, before: 0, mark: -Infinity } }, 'LEARNING', /^0 of 336 .*; armed 14d after the start of the first whole window with rows: it is not there yet$/],
    ['too few windows have rows', { course: { since: 0, before: 0, mark: 6 * 24 * HOUR } }, 'LEARNING', /^12 of 336 .*; at this pace not armed: 28 windows will have rows by 1970-01-15 00:00 UTC, and a series needs 48: learn for longer, or in longer windows$/],
    ['it learns too short', { model: modelOf({ baseline: { learn: '1d' } }) }, 'CANNOT_JUDGE', /^never armed: its reference has 24 windows at the most, and a series needs 48 with rows: write baseline: { learn: 2d } or longer, or a shorter window$/],
    ['its rows are all there', { windows: 336, course: { since: 0, before: 0, mark: 336 * HOUR } }, 'LEARNING', /^336 of 336 .*; all rows of that time are there: it is being frozen$/],
    ['it has no reference to learn', { model: modelOf({ baseline: undefined }) }, 'CANNOT_JUDGE', /no reference/],
    ['its reference could not be frozen', { problem: 'no rows' }, 'CANNOT_JUDGE', /no rows/],
    ['a step of it fails', { ...pinned, fitted: fitted(series('armed')), faults: [{ step: 'judge', reason: 'broken' }] }, 'CANNOT_JUDGE', /judge: broken/],
    ['everything is armed', { ...pinned, fitted: fitted(series('armed'), series('armed')) }, 'JUDGING', null],
    ['labels are spelt otherwise', { ...pinned, fitted: fitted(series('armed')), misspelt: '9 labels' }, 'PARTLY', /^9 labels$/],
    ['they are while it learns', { misspelt: '9 labels' }, 'LEARNING', /12 of 336 windows.*; 9 labels$/],
    ['a part is not', { ...pinned, fitted: fitted(series('armed'), series('learning', 'rare'), series('uncalibratable')) }, 'PARTLY', /^1 of 3 series cannot be judged \(feature drift of rare\): the reference has 12 windows with enough for it, and 48 are needed: pin a longer one; 1 cannot be calibrated and never page \(feature drift of age\)/],
    ['no label has come', { ...pinned, fitted: fitted(series('armed'), errors), labels: { period: null, inTo: day(1), isDue: false } }, 'PARTLY', /^performance is learnt when labels are there: none has come yet$/],
    ['labels came that name no prediction', { ...pinned, fitted: fitted(series('armed'), errors), labels: { period: null, inTo: day(1), isDue: false }, came: '300 labels came' }, 'PARTLY', /^performance is learnt when labels are there: 300 labels came$/],
    ['labels come', { ...pinned, fitted: fitted(series('armed'), errors), labels: { period: { since: day(0), until: day(14) }, inTo: day(3), isDue: false } }, 'PARTLY', /will be learnt from the labels of 1970-01-01 00:00 to 1970-01-15 00:00 UTC once they are in: they are known to be up to 1970-01-04/],
    ['labels are in', { ...pinned, fitted: fitted(series('armed'), errors), labels: { period: { since: day(0), until: day(14) }, inTo: day(20), isDue: true } }, 'PARTLY', /is being learnt from the labels of 1970-01-01 00:00 to 1970-01-15 00:00 UTC, which are in$/],
    ['its reference is shorter than a week', { ...pinned, fitted: fitted(series('unseasoned')) }, 'PARTLY', /^nobody is told of more than notices; 1 only raise notices: .*shorter than the season/],
    ['a part of it is', { ...pinned, fitted: fitted(series('armed'), series('unseasoned')) }, 'PARTLY', /^1 only raise notices/],
    ['nothing can be calibrated', { ...pinned, fitted: fitted(series('uncalibratable')) }, 'PARTLY', /^nobody is told of more than notices; 1 cannot be calibrated and never page/],
    ['nothing ever will be', { baseline: { windows: windows(30) }, fitted: fitted(series('learning')) }, 'CANNOT_JUDGE', /30 windows, and a series needs 48/],
    ['a file without times', { baseline: { windows: [] }, fitted: fitted(series('learning')) }, 'CANNOT_JUDGE', /no event times/],
    ['it is suspended', { ...pinned, versions: [version('suspended')] }, 'SUSPENDED', /suspended/],
    ['all its versions are on trial', { ...pinned, versions: [version('shadow')] }, 'CANNOT_JUDGE', /nobody is told.*1 \(shadow\)/],
  ]; // prettier-ignore
  for (const [name, more, state, reason] of cases)
    it(name, () => {
      const found = monitoringOf(facts(more));
      expect(found.state).toBe(state);
      if (reason) expect(found.reason).toMatch(reason);
      else expect(found.reason).toBeNull();
    });

  it('does not call learning what a frozen reference did not teach', () => {
    const of = { ...pinned, fitted: fitted(series('armed'), series('learning', 'rare'), errors) };
    expect(monitoringOf(facts(of))).toMatchObject({ learning: 0, tooFewWindows: 2 });
    const labels = { period: null, inTo: day(1), isDue: false };
    expect(monitoringOf(facts({ ...of, labels }))).toMatchObject({ learning: 1, tooFewWindows: 1 });
    const waiting = { ...series('learning', 'price'), waits: 'no calibration' };
    const found = monitoringOf(facts({ ...pinned, fitted: fitted(series('armed'), waiting) }));
    expect(found).toMatchObject({
      learning: 1,
      tooFewWindows: 0,
      reason: '1 of 2 series wait: no calibration',
    });
  });

  it('counts what is armed and what is needed', () => {
    const found = monitoringOf(facts({ ...pinned, fitted: fitted(series('armed'), series('learning')) }));
    expect(found).toMatchObject({
      windowsLearnt: 336,
      windowsNeeded: 48,
      armed: 1,
      learning: 0,
      tooFewWindows: 1,
      uncalibratable: 0,
      expectedFalseAlerts: 0.4,
    });
  });
});

it('registration says when a model is armed, or that it never will be', () => {
  expect(armingText(modelOf())).toBe(
    'armed after 14d of rows, from the first whole window on; a series is armed by 48 windows of 1h with rows',
  );
  expect(armingText(modelOf({ window: '1d', baseline: { learn: '7d' } }))).toMatch(
    /never armed.*7 windows.*learn: 14d } or longer/,
  );
  expect(armingText(modelOf({ baseline: undefined }))).toMatch(/nothing will be judged/);
});

describe('what the version that answers is held against', () => {
  const period = { since: day(1), until: day(15) };
  const of = (version: string | null, source: object | null): MonitoringFacts['pinned'] => ({
    version,
    source: source as never,
    pinnedAt: day(20),
  });
  it.each([
    ['nothing yet', { pinned: null }, null],
    [
      "the model's",
      { pinned: of(null, period) },
      /^version 1 is held against the reference of the model, pinned 1970-01-21/u,
    ],
    [
      'its own',
      { pinned: of('1', { ...period, version: '1' }) },
      /^version 1 is held against a reference of its own of 1970-01-02 .* to 1970-01-16/u,
    ],
    [
      'what it learnt from',
      {
        pinned: of('2', { ...period, inputsOnly: true, exclude: [period] }),
        own: { learnt: 3, needed: 28, problem: null },
      },
      /what it was trained on of .* without faulty times; a reference of its own follows from its own rows \(3 of 28 windows\)/u,
    ],
    [
      'nothing that can be frozen',
      { pinned: of(null, null), own: { learnt: 28, needed: 28, problem: 'no rows' } },
      /28 of 28 windows\): no rows$/u,
    ],
  ] as const)('%s', (_name, more, said) => {
    const { heldAgainst } = monitoringOf(facts({ ...more, versions: [version('champion')] }));
    if (said === null) expect(heldAgainst).toBeNull();
    else expect(heldAgainst).toMatch(said);
  });
});

it('a message says what nobody is told of, where that is more than a little', () => {
  const many = Array.from({ length: 20 }, () => series('armed'));
  expect(unwatchedText([series('armed'), series('learning', 'rare'), series('inapplicable')], HOUR)).toMatch(
    /^1 of 3 series cannot be judged \(feature drift of rare\): the reference has 12 windows .*: pin a longer one$/,
  );
  expect(unwatchedText([...many, series('learning')], HOUR)).toBeNull();
  expect(unwatchedText([], HOUR)).toBeNull();
});

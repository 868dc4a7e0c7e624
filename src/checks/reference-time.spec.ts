import { describe, expect, it } from 'vitest';
import {
  HOUR,
  NORMAL_BASELINE,
  NORMAL_EDGES,
  numericProfile,
  START,
  syntheticBaseline,
  syntheticModel,
} from '../../test/support/synthetic-model.js';
import type { WholeBaseline } from '../domain/baseline.js';
import { NO_LABELS } from '../domain/profile.js';
import { lcg } from '../stats/lcg.js';
import { normalQuantile } from '../stats/normal.js';
import { everyWindow } from './every-window.js';
import { fitBaseline } from './fit-baseline.js';
import { referenceDays, referenceTime } from './reference-time.js';

const DAY = 24 * HOUR;
const at = (hour: number) => new Date(START.getTime() + hour * HOUR);
const random = lcg(11);

/** Hourly windows of so many days, open where it is said. */
function reference(days: number, isOpen: (hour: number, day: number) => boolean): WholeBaseline {
  const hours = Array.from({ length: days * 24 }, (_, i) => i);
  const open = hours.filter((i) => isOpen(i % 24, Math.floor(i / 24)));
  const profile = () => ({
    predictions: 60,
    features: {
      x: numericProfile(
        Array.from({ length: 60 }, () => normalQuantile(Math.max(1e-9, random()))),
        NORMAL_EDGES,
      ),
    },
    unknownFeatures: [],
    measures: {},
    performance: NO_LABELS,
  });
  const whole = syntheticBaseline({ x: NORMAL_BASELINE }, open.map(profile));
  const windows = whole.windows.map((window, i) => ({
    ...window,
    from: at(open[i] ?? 0),
    to: at((open[i] ?? 0) + 1),
  }));
  return { ...whole, windows, source: { since: START, until: at(days * 24) } };
}

const nightClosed = reference(7, (hour) => hour >= 6 && hour < 22);

describe('the time of a reference', () => {
  it('is the time that was asked for, with what was closed at its ends', () => {
    expect(referenceDays(nightClosed)).toBe(7);
    expect(referenceDays(reference(7, (_, day) => day < 5))).toBe(7);
  });

  it('is that of its rows where nobody asked for a time', () => {
    expect(referenceDays({ ...nightClosed, source: { file: 'x.csv' } })).toBeCloseTo(6 + 16 / 24, 9);
    expect(referenceTime({ ...nightClosed, windows: [] })).toBeNull();
  });

  it('is not prolonged by weeks in which nothing came', () => {
    const { windows } = reference(4, () => true);
    const source = {
      since: new Date(START.getTime() - 30 * DAY),
      until: new Date(START.getTime() + 60 * DAY),
    };
    expect(referenceDays({ windows, source })).toBe(10);
  });

  it('has the windows of its last night as it has those of the others', () => {
    const windows = everyWindow(nightClosed, HOUR);
    expect(windows.at(-1)?.to).toEqual(at(7 * 24));
    expect(windows.filter(({ profile }) => profile.predictions === 0)).toHaveLength(6 * 8 + 2);
  });

  it('lets a model that is closed at night page after a week', () => {
    const { series } = fitBaseline(syntheticModel(), nightClosed);
    expect(series.filter(({ status }) => status === 'unseasoned')).toEqual([]);
    expect(series.find(({ check }) => check === 'volume')?.status).toBe('armed');
    const short = fitBaseline(
      syntheticModel(),
      reference(6, () => true),
    );
    expect(short.series.find(({ check }) => check === 'volume')?.status).toBe('unseasoned');
  });
});

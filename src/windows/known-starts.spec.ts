import { describe, expect, it } from 'vitest';
import { BookedVersion } from './booked-version.js';
import { KnownStarts, streamStart } from './known-starts.js';
import type { StoredVersion, StoredWindow } from './window.repository.js';

const HOUR = 3_600_000;
const PLACE = { model: 'm', version: '1' };

function judged(hour: number, more: Partial<StoredWindow> = {}): StoredWindow {
  const numbers = { revision: 0, predictions: 9, labelled: 0, share: 1, watermark: 0, evaluatedAt: 0 };
  const from = hour * HOUR;
  const digests = { baseline: 'b', inputs: '', memory: '' };
  return { ...PLACE, from, to: from + HOUR, track: 'inputs', ...numbers, ...digests, ...more };
}

/** A version of which some hours were judged, and others got late rows. */
function booked(hours: readonly number[], late: readonly number[]): BookedVersion {
  const version = new BookedVersion(HOUR);
  const counts = { labelled: 0, truths: null, judgedLabels: null, judgedTruths: null };
  for (const hour of hours) version.keep({ from: hour * HOUR, revision: 0, predictions: 9, ...counts });
  for (const hour of late) version.saw(hour * HOUR);
  return version;
}

describe('streamStart', () => {
  const cases: [string, readonly number[], number | null, number][] = [
    ['rows of long before are history', [10, 11], 6 * HOUR, 100],
    ['rows just before belong to it', [98, 99], 6 * HOUR, 98],
    ['so do those behind a gap that is no silence', [94, 99], 6 * HOUR, 94],
    ['those behind one that would be a silence do not', [92, 99], 6 * HOUR, 99],
    ['where no silence is judged, a day of windows is one', [76, 20], null, 76],
  ];
  for (const [name, late, silenceMs, start] of cases)
    it(name, () => expect(streamStart(booked([100, 101], late), 100 * HOUR, silenceMs)).toBe(start * HOUR));

  it('reaches over history that was judged where rows fill the gap', () => {
    expect(streamStart(booked([90, 100, 101], [93, 96]), 100 * HOUR, 4 * HOUR)).toBe(90 * HOUR);
  });
});

describe('KnownStarts', () => {
  const started = (): KnownStarts => {
    const starts = new KnownStarts();
    starts.judged(judged(100, { baseline: '' }), 90 * HOUR);
    starts.judged(judged(102, { predictions: 0 }), 90 * HOUR);
    for (const hour of [103, 104, 3]) starts.judged(judged(hour), 100 * HOUR);
    return starts;
  };

  it('is the first row that was known when one was held against a reference, whatever is judged later', () => {
    const starts = started();
    expect(starts.of('m', '1')).toBe(100 * HOUR);
    expect(starts.of('m', '2')).toBe(-Infinity);
    expect(starts.changed()).toEqual([{ ...PLACE, start: 100 * HOUR }]);
    expect(starts.changed()).toEqual([]);
  });

  it('has history judged again that turns out to belong to the stream', () => {
    const starts = started();
    const version = booked([90, 100, 101], [93, 96]);
    version.lateFrom = 93 * HOUR;
    starts.reach('m', '1', version, 4 * HOUR);
    expect([starts.of('m', '1'), version.lateFrom]).toEqual([90 * HOUR, 90 * HOUR]);
  });

  it('is taken over; where nobody kept it, it is the first window with rows', () => {
    const totals = { firstRow: 7 * HOUR, lastRow: 0, closedTo: 0, firstLabelled: null, judged: { inputs: 1, labels: 0 } };
    const versions: StoredVersion[] = ['1', '2', '3'].map((version) => ({ model: 'm', version, ...totals, widthMs: HOUR, watermark: 0 }));
    const windows = [judged(9), judged(9, { version: '2' }), judged(9, { version: '3', baseline: '' })];
    const starts = new KnownStarts();
    starts.restore([{ ...PLACE, start: 100 }], versions, windows);
    expect(['1', '2', '3'].map((version) => starts.of('m', version))).toEqual([100, 7 * HOUR, -Infinity]);
    starts.drop('m');
    expect(starts.of('m', '1')).toBe(-Infinity);
    expect(starts.changed()).toEqual([]);
  }); // prettier-ignore
});

describe('a stream of which nothing was judged', () => {
  const starts = (rows: readonly number[], since: number): number => {
    const [known, version] = [new KnownStarts(), booked([], rows)];
    known.begin({ ...PLACE, start: since * HOUR }, version, 6 * HOUR);
    return known.of('m', '1') / HOUR;
  };

  it('begins where its reference does, whatever older rows came behind a gap', () => {
    expect(starts([10, 11, 100, 101], 100)).toBe(100);
  });

  it('begins with what lies before that without one', () => {
    expect(starts([10, 97, 99, 100, 101], 100)).toBe(97);
  });

  it('begins with its first row where that is later, as that of a second version', () => {
    expect(starts([140, 141], 100)).toBe(140);
    expect(starts([], 100)).toBe(-Infinity);
  });
});

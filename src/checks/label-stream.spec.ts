import { describe, expect, it } from 'vitest';
import type { Detector } from '../domain/detector.js';
import { detectorStatistic } from '../domain/detector.js';
import { adwin, ADWIN_START } from '../stats/adwin.js';
import { lcg } from '../stats/lcg.js';
import { watchStreams, type StreamsMemory, type WatchedStreams } from './label-stream.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 2, 2);
const next = lcg(42);
/** One label in ten is wrong, then one in four: the seeded stream of the specification. */
const BITS = Array.from({ length: 6000 }, (_, i) => (next() < (i < 3000 ? 0.1 : 0.25) ? 1 : 0));
const PER_WINDOW = 300;

const windowOf = (i: number) => ({
  model: 'm',
  version: '1',
  from: new Date(START + i * HOUR),
  to: new Date(START + (i + 1) * HOUR),
  revision: 0,
});
const read = (
  detector: Detector,
  i: number,
  before: StreamsMemory | undefined,
  errors: readonly number[] = BITS.slice(i * PER_WINDOW, (i + 1) * PER_WINDOW),
): WatchedStreams =>
  watchStreams({
    model: { task: 'binary' },
    window: windowOf(i),
    errors: { '': { errors, every: 1 } },
    detectors: [{ detector, segment: null }],
    before,
    usual: () => ({ labels: 3000, wrong: 270 }),
  });

/** The first result of each window; the memory goes through JSON between them, as it is stored. */
function follow(detector: Detector, windows: number) {
  let memory: StreamsMemory | undefined;
  return Array.from({ length: windows }, (_, i) => {
    const found = read(detector, i, memory);
    memory = JSON.parse(JSON.stringify(found.memory)) as StreamsMemory;
    return { ...found.results[0], memory };
  });
}

describe('detectors on a stream of labels that comes in windows', () => {
  it.each<[Detector, number, number]>([
    [{ kind: 'adwin' }, 10, 72],
    [{ kind: 'ddm' }, 10, 64],
    [{ kind: 'hddm_a' }, 10, 202],
    [{ kind: 'hddm_w' }, 17, 219],
    [{ kind: 'page_hinkley' }, 10, 153],
    [{ kind: 'e_detector', acceptableRate: 0.115 }, 10, 76],
  ])('$kind alarms at the label where river does', (detector, window, label) => {
    const found = follow(detector, 20);
    expect(found.map(({ state }) => state).indexOf('ALERT')).toBe(window);
    expect(found[window]).toMatchObject({
      check: 'concept_drift',
      statistic: detectorStatistic(detector),
      n: PER_WINDOW,
      since: windowOf(window).from,
      explanation: expect.stringContaining(`at label ${label} of the window's 300`) as string,
    });
    expect(found[window]?.effect).toBeGreaterThan(0.05);
  });

  it('a revision from the same memory gives the same, and leaves the same', () => {
    const [first, second] = [follow({ kind: 'adwin' }, 11), follow({ kind: 'adwin' }, 11)];
    expect(second).toEqual(first);
    const state = BITS.slice(0, 3300).reduce((before, x) => adwin(before, x), ADWIN_START);
    expect(Object.values(first[10]?.memory.streams ?? {})[0]?.left).toEqual({ kind: 'adwin', of: state });
  });

  it('says that it learns until it has read thirty labels, and nothing of a window without any', () => {
    const few = read(
      { kind: 'ddm' },
      0,
      undefined,
      Array.from({ length: 29 }, () => 0),
    );
    expect(few.results).toMatchObject([{ state: 'LEARNING', value: 0, effect: null }]);
    expect(read({ kind: 'ddm' }, 1, few.memory, []).results).toMatchObject([
      { state: 'INSUFFICIENT', value: null, n: 0 },
    ]);
    expect(read({ kind: 'ddm' }, 1, few.memory, [0]).results).toMatchObject([{ state: 'OK' }]);
  });

  it('names what was set, and does as it was told', () => {
    const detector: Detector = { kind: 'page_hinkley', threshold: 20, direction: 'up' };
    expect(detectorStatistic(detector)).toBe('page_hinkley(direction=up, threshold=20)');
    const found = follow(detector, 20);
    expect(found.flatMap(({ state }, i) => (state === 'ALERT' ? [i] : []))).toEqual([9, 10, 18]);
  });

  it('does not read errors without an upper end where the method needs one', () => {
    const about = {
      model: { task: 'regression' as const },
      window: windowOf(0),
      before: undefined,
      usual: () => null,
    };
    const errors = { '': { errors: [3, 4], every: 1 }, 'channel=web': { errors: [1], every: 2 } };
    const detectors = [
      { detector: { kind: 'ddm' as const }, segment: null },
      { detector: { kind: 'page_hinkley' as const }, segment: 'channel=web' },
    ];
    const { results } = watchStreams({ ...about, errors, detectors });
    expect(results).toMatchObject([
      {
        state: 'NOT_APPLICABLE',
        n: 2,
        explanation: expect.stringContaining('adwin and page_hinkley') as string,
      },
      { state: 'LEARNING', n: 1, segment: 'channel=web', value: 1 },
    ]);
  });

  it('takes the acceptable rate from the reference, and learns where that has no labels', () => {
    const found = follow({ kind: 'e_detector' }, 20).map(({ state }) => state);
    expect(found.slice(0, 10)).toEqual(Array(10).fill('OK'));
    // It goes on alarming for as long as the errors stay where they are.
    expect(found.slice(10).filter((state) => state === 'ALERT').length).toBeGreaterThan(5);
    const input = {
      model: { task: 'binary' as const },
      window: windowOf(0),
      before: undefined,
      usual: () => null,
    };
    const errors = { '': { errors: [0, 1], every: 1 } };
    const { results } = watchStreams({
      ...input,
      errors,
      detectors: [{ detector: { kind: 'e_detector' }, segment: null }],
    });
    expect(results).toMatchObject([
      { state: 'LEARNING', explanation: expect.stringContaining('no labels yet') as string },
    ]);
  });

  it('begins anew where the memory is laid out in a way it does not know', () => {
    const { memory } = read({ kind: 'adwin' }, 0, undefined);
    const other = JSON.parse(JSON.stringify({ ...memory, format: 99 })) as StreamsMemory;
    expect(read({ kind: 'adwin' }, 1, other)).toEqual(read({ kind: 'adwin' }, 1, undefined));
  });
});

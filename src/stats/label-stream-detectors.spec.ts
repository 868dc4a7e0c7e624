import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ADWIN_DEFAULTS, ADWIN_START, adwin, adwinEstimate, type AdwinState } from './adwin.js';
import { BERNOULLI_DETECTOR_START, bernoulliEDetector } from './bernoulli-e-detector.js';
import { DDM_START, ddm } from './ddm.js';
import { HDDM_A_START, hddmA } from './hddm-a.js';
import { HDDM_W_START, hddmW } from './hddm-w.js';
import { lcg } from './lcg.js';
import { PAGE_HINKLEY_DEFAULTS, PAGE_HINKLEY_START, pageHinkley } from './page-hinkley.js';

interface Signals {
  readonly drift: boolean;
  readonly warning?: boolean;
}
type Step<State extends Signals> = (state: State, x: number) => State;

interface Run<State> {
  readonly drift: readonly number[];
  readonly warnings: readonly number[];
  readonly last: State;
}

/** 0-based places at which a detector, fed a stream, signalled. The state is frozen and passed through JSON at every step. */
function run<State extends Signals>(start: State, step: Step<State>, stream: readonly number[]): Run<State> {
  const drift: number[] = [];
  const warnings: number[] = [];
  let state = start;
  stream.forEach((x, i) => {
    state = Object.freeze(step(state, x));
    if (state.drift) drift.push(i);
    if (state.warning) warnings.push(i);
  });
  return { drift, warnings, last: JSON.parse(JSON.stringify(state)) as State };
}

describe('label streams, the seeded goldens of the specification', () => {
  const next = lcg(42);
  const bits = Object.freeze(
    Array.from({ length: 6000 }, (_, i) => (next() < (i < 3000 ? 0.1 : 0.25) ? 1 : 0)),
  );
  const both20 = { ...PAGE_HINKLEY_DEFAULTS, threshold: 20 };
  const budget = { acceptableRate: 0.115, falseAlarmRate: 1e-6 };

  it('the stream is the one described', () => {
    expect(bits.slice(0, 3000).reduce((sum: number, bit) => sum + bit, 0)).toBe(270);
    expect(bits.slice(3000).reduce((sum: number, bit) => sum + bit, 0)).toBe(738);
  });

  it('DDM', () => expect(run(DDM_START, ddm, bits).drift).toEqual([3063]));
  it('HDDM_A', () => expect(run(HDDM_A_START, hddmA, bits).drift).toEqual([3201]));
  it('HDDM_W', () => expect(run(HDDM_W_START, hddmW, bits).drift).toEqual([5318]));
  it('ADWIN', () => expect(run(ADWIN_START, adwin, bits).drift).toEqual([3071]));
  it('Page–Hinkley', () => {
    expect(run(PAGE_HINKLEY_START, pageHinkley, bits).drift).toEqual([3152]);
    const lower = run(PAGE_HINKLEY_START, (state, x) => pageHinkley(state, x, both20), bits);
    expect(lower.drift).toEqual([2730, 3061, 5649]);
  });
  it('e-detector', () => {
    const { drift } = run(BERNOULLI_DETECTOR_START, (state, x) => bernoulliEDetector(state, x, budget), bits);
    expect(drift.slice(0, 3)).toEqual([3075, 3318, 3566]);
  });
});

describe('label streams, river 0.26.1 on seven streams', () => {
  type Expected = Record<
    string,
    {
      drift: number[];
      n_warning: number;
      first_warning: number | null;
      final_width?: number;
      final_estimation?: number;
    }
  >;
  const read = (name: string): unknown =>
    JSON.parse(readFileSync(new URL(`../../test/vectors/${name}.json`, import.meta.url), 'utf8'));
  const { streams } = read('arrays') as { streams: Record<string, readonly number[]> };
  const river = (read('river') as { streams: Record<string, Expected> }).streams;
  const up20 = { ...PAGE_HINKLEY_DEFAULTS, threshold: 20, direction: 'up' } as const;

  it.each(Object.entries(river))('%s', (name, expected) => {
    const stream = Object.freeze([...(streams[name] ?? [])]);
    const runs: Record<string, Run<Signals>> = {
      ADWIN: run(ADWIN_START, adwin, stream),
      'ADWIN_delta.01': run(
        ADWIN_START,
        (state, x) => adwin(state, x, { ...ADWIN_DEFAULTS, delta: 0.01 }),
        stream,
      ),
      PageHinkley: run(PAGE_HINKLEY_START, pageHinkley, stream),
      PageHinkley_up_thr20: run(PAGE_HINKLEY_START, (state, x) => pageHinkley(state, x, up20), stream),
      DDM: run(DDM_START, ddm, stream),
      HDDM_A: run(HDDM_A_START, hddmA, stream),
      HDDM_W: run(HDDM_W_START, hddmW, stream),
    };
    let compared = 0;
    for (const [detector, actual] of Object.entries(runs)) {
      const vector = expected[detector];
      if (!vector) continue; // river ran error-rate detectors on 0/1 streams only
      expect(actual.drift, `${detector}: drift`).toEqual(vector.drift);
      expect(actual.warnings.length, `${detector}: warnings`).toBe(vector.n_warning);
      expect(actual.warnings[0] ?? null, `${detector}: first warning`).toBe(vector.first_warning);
      compared += 1;
    }
    expect(compared).toBeGreaterThanOrEqual(4);
    const window = runs['ADWIN']?.last as AdwinState;
    expect(window.width).toBe(expected['ADWIN']?.final_width);
    expect(adwinEstimate(window)).toBeCloseTo(expected['ADWIN']?.final_estimation ?? NaN, 9);
  });
});

describe('label streams, properties', () => {
  it('a state that went through JSON continues as if nothing had happened', () => {
    const next = lcg(7);
    const stream = Array.from({ length: 3000 }, (_, i) => (next() < (i < 1500 ? 0.2 : 0.5) ? 1 : 0));
    const reread =
      <State extends Signals>(step: Step<State>): Step<State> =>
      (state, x) =>
        step(JSON.parse(JSON.stringify(state)) as State, x);
    expect(run(ADWIN_START, reread(adwin), stream).drift).toEqual(run(ADWIN_START, adwin, stream).drift);
    expect(run(PAGE_HINKLEY_START, reread(pageHinkley), stream)).toEqual(
      run(PAGE_HINKLEY_START, pageHinkley, stream),
    );
    expect(run(HDDM_W_START, reread(hddmW), stream)).toEqual(run(HDDM_W_START, hddmW, stream));
  });

  it('the window of ADWIN keeps the exact sum and deviation of what it holds', () => {
    const next = lcg(3);
    const stream = Array.from({ length: 500 }, () => next());
    const { last } = run(ADWIN_START, adwin, stream);
    const mean = stream.reduce((sum, x) => sum + x, 0) / stream.length;
    expect(last.width).toBe(500);
    expect(adwinEstimate(last)).toBeCloseTo(mean, 12);
    expect(last.deviation).toBeCloseTo(
      stream.reduce((sum, x) => sum + (x - mean) ** 2, 0),
      9,
    );
  });

  it('the e-detector keeps its budget on streams at the acceptable rate', () => {
    const next = lcg(11);
    const budget = { acceptableRate: 0.1, falseAlarmRate: 1e-4 };
    const stream = Array.from({ length: 200_000 }, () => (next() < 0.1 ? 1 : 0));
    const { drift } = run(
      BERNOULLI_DETECTOR_START,
      (state, x) => bernoulliEDetector(state, x, budget),
      stream,
    );
    // The bound is 20 on average over streams.
    expect(drift.length).toBeLessThanOrEqual(20);
  });

  it('the e-detector treats a loss between 0 and 1 as a bet with mean one', () => {
    const options = { acceptableRate: 0.2, falseAlarmRate: 1e-3, rises: [0.1] };
    const at = (loss: number): number =>
      bernoulliEDetector(BERNOULLI_DETECTOR_START, loss, options).evidence[0] ?? NaN;
    expect(0.2 * at(1) + 0.8 * at(0)).toBeCloseTo(1e-3, 15);
    expect(at(0.2)).toBeCloseTo(1e-3, 15);
    expect(at(1) / at(0)).toBeCloseTo((0.3 / 0.2) * (0.8 / 0.7), 12);
  });

  it('refuses a rate or a loss that is none', () => {
    expect(() =>
      bernoulliEDetector(BERNOULLI_DETECTOR_START, 2, { acceptableRate: 0.1, falseAlarmRate: 1e-6 }),
    ).toThrow(/loss/);
    expect(() =>
      bernoulliEDetector(BERNOULLI_DETECTOR_START, 1, { acceptableRate: 0, falseAlarmRate: 1e-6 }),
    ).toThrow(/acceptableRate/);
  });
});

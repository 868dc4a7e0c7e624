import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ADWIN_START, adwin } from '../../src/stats/adwin.js';
import { andersonDarling } from '../../src/stats/anderson-darling.js';
import { DDM_START, ddm } from '../../src/stats/ddm.js';
import { energyDistance } from '../../src/stats/energy-distance.js';
import { HDDM_A_START, hddmA } from '../../src/stats/hddm-a.js';
import { HDDM_W_START, hddmW } from '../../src/stats/hddm-w.js';
import { kolmogorovSmirnov } from '../../src/stats/kolmogorov-smirnov.js';
import { normalQuantile } from '../../src/stats/normal.js';
import { PAGE_HINKLEY_START, pageHinkley } from '../../src/stats/page-hinkley.js';
import { wassersteinDistance } from '../../src/stats/wasserstein.js';
import { askPython } from './python.js';

type Pair = readonly [readonly number[], readonly number[]];

let state = 20_240_602;
function uniform(): number {
  state = (1664525 * state + 1013904223) % 2 ** 32;
  return Math.max(state / 2 ** 32, 1e-9);
}
const sample = (size: number, shift: number) =>
  Array.from({ length: size }, () => normalQuantile(uniform()) + shift);
const pairs: readonly Pair[] = Array.from({ length: 8 }, (_, i) => [
  sample(200 + 40 * i, 0),
  sample(150 + 30 * i, 0.1 * i),
]);
/** Errors that become more frequent half-way. */
const streams = [0.1, 0.2, 0.3].map((after) =>
  Array.from({ length: 4000 }, (_, i) => (uniform() < (i < 2000 ? 0.1 : 0.1 + after) ? 1 : 0)),
);

function ask<T>(file: string, input: unknown) {
  return askPython<T>(readFileSync(new URL(`${file}.py`, import.meta.url), 'utf8'), input);
}

function close(actual: number, expected: number | undefined, relative = 1e-8): void {
  expect(Math.abs(actual - (expected ?? NaN))).toBeLessThanOrEqual(
    relative * Math.abs(expected ?? NaN) + 1e-12,
  );
}

type Step<State> = (state: State, x: number) => State;
function drifts<State extends { readonly drift: boolean }>(
  start: State,
  step: Step<State>,
  stream: readonly number[],
) {
  let now = start;
  return stream.flatMap((x, i) => {
    now = step(now, x);
    return now.drift ? [i] : [];
  });
}

describe('river, on seeded streams', () => {
  const ours: Record<string, (stream: readonly number[]) => number[]> = {
    ADWIN: (stream) => drifts(ADWIN_START, adwin, stream),
    PageHinkley: (stream) => drifts(PAGE_HINKLEY_START, pageHinkley, stream),
    DDM: (stream) => drifts(DDM_START, ddm, stream),
    HDDM_A: (stream) => drifts(HDDM_A_START, hddmA, stream),
    HDDM_W: (stream) => drifts(HDDM_W_START, hddmW, stream),
  };
  const asked = Object.fromEntries(Object.keys(ours).map((name) => [name, streams]));
  const answer = ask<Record<string, number[][]>>('river', asked);
  for (const [name, run] of Object.entries(ours)) {
    it(`${name} finds the same drifts`, (context) => {
      if ('missing' in answer) return context.skip(`not compared: ${answer.missing}`);
      expect(streams.map(run)).toEqual(answer.value[name]);
    });
  }
});

function comparePairs(
  peer: string,
  ours: Record<string, (a: readonly number[], b: readonly number[]) => number>,
): void {
  describe(`${peer}, on seeded samples`, () => {
    const asked = Object.fromEntries(Object.keys(ours).map((name) => [name, pairs]));
    const answer = ask<Record<string, number[]>>(peer, asked);
    for (const [name, statistic] of Object.entries(ours)) {
      it(`${name}: ${pairs.length} pairs`, (context) => {
        if ('missing' in answer) return context.skip(`not compared: ${answer.missing}`);
        pairs.forEach(([a, b], i) => close(statistic(a, b), answer.value[name]?.[i]));
      });
    }
  });
}

comparePairs('evidently', {
  andersonDarlingP: (a, b) => andersonDarling(a, b).p,
  energyDistance,
});
comparePairs('nannyml', {
  kolmogorovSmirnov: (a, b) => kolmogorovSmirnov(a, b).statistic,
  wassersteinDistance,
});

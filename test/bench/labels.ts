import { adwin, ADWIN_START } from '../../src/stats/adwin.js';
import { BERNOULLI_DETECTOR_START, bernoulliEDetector } from '../../src/stats/bernoulli-e-detector.js';
import { ddm, DDM_START } from '../../src/stats/ddm.js';
import { hddmA, HDDM_A_START } from '../../src/stats/hddm-a.js';
import { hddmW, HDDM_W_START } from '../../src/stats/hddm-w.js';
import { lcg } from '../../src/stats/lcg.js';
import { pageHinkley, PAGE_HINKLEY_START } from '../../src/stats/page-hinkley.js';
import type { BenchOptions, BenchReport, BenchTable } from './report.js';

/** Error rate before a change, and after it. */
const USUAL = 0.1;
const CHANGED = [0.12, 0.15, 0.2, 0.3] as const;
/** Median delays that the e-detector was designed to, in labels. */
const DOCUMENTED = [6315, 857, 238, 84] as const;
/** Labels of the reference whose upper bound is the acceptable rate. */
const REFERENCE = 20_000;
const SEED = 42;

/** A detector over one stream: fed 0 (right) or 1 (wrong), it says whether it alarms. */
type Detector = () => (x: number) => boolean;

function stateful<State extends { readonly drift: boolean }>(
  start: State,
  next: (state: State, x: number) => State,
): Detector {
  return () => {
    let state = start;
    return (x) => {
      state = next(state, x);
      return state.drift;
    };
  };
}

/** One-sided 99 %. */
const acceptableRate = USUAL + 2.33 * Math.sqrt((USUAL * (1 - USUAL)) / REFERENCE);
const DETECTORS: Readonly<Record<string, Detector>> = {
  'e-detector (here)': stateful(BERNOULLI_DETECTOR_START, (state, x) =>
    bernoulliEDetector(state, x, { acceptableRate, falseAlarmRate: 1e-6 }),
  ),
  ADWIN: stateful(ADWIN_START, (state, x) => adwin(state, x)),
  DDM: stateful(DDM_START, (state, x) => ddm(state, x)),
  'HDDM-A': stateful(HDDM_A_START, (state, x) => hddmA(state, x)),
  'HDDM-W': stateful(HDDM_W_START, (state, x) => hddmW(state, x)),
  'Page-Hinkley': stateful(PAGE_HINKLEY_START, (state, x) => pageHinkley(state, x)),
};

const bernoulli = (random: () => number, rate: number) => (random() < rate ? 1 : 0);

/** Labels until the alarm after a change; null where none came. Alarms before it start the detector over, as its own reset does. */
function delayOf(detector: Detector, rate: number, seed: number, most: number): number | null {
  const [random, alarms] = [lcg(seed), detector()];
  for (let i = 0; i < 3000; i += 1) alarms(bernoulli(random, USUAL));
  for (let i = 1; i <= most; i += 1) if (alarms(bernoulli(random, rate))) return i;
  return null;
}

function falseAlarms(detector: Detector, labels: number, seed: number): number {
  const [random, alarms] = [lcg(seed), detector()];
  let count = 0;
  for (let i = 0; i < labels; i += 1) if (alarms(bernoulli(random, USUAL))) count += 1;
  return count;
}

function median(values: readonly (number | null)[]): number | null {
  const sorted = values.map((value) => value ?? Infinity).sort((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Infinity;
  return Number.isFinite(middle) ? middle : null;
}

const text = (value: number | null) => (value === null ? 'never' : String(value));

/** Detectors of a change on streams of labels, on the same seeded streams. */
export async function run({ quick, seed }: BenchOptions): Promise<BenchReport> {
  const first = seed ?? SEED;
  const [streams, labels] = quick ? [11, 100_000] : [101, 600_000];
  const most = quick ? 20_000 : 40_000;
  const numbers: Record<string, number | null> = {};
  const rows = Object.entries(DETECTORS).map(([name, detector]) => {
    const alarms = falseAlarms(detector, labels, first);
    const delays = CHANGED.map((rate) =>
      median(Array.from({ length: streams }, (_, i) => delayOf(detector, rate, first + 1 + i, most))),
    );
    numbers[`${name} false alarms`] = alarms;
    delays.forEach((delay, i) => (numbers[`${name} delay to ${CHANGED[i]}`] = delay));
    return [name, String(alarms), ...delays.map(text)];
  });
  const documented = ['e-detector as designed, + 20 %', '0', ...DOCUMENTED.map((delay) => String(Math.round(1.2 * delay)))];
  const delays: BenchTable = {
    title: `labels: false alarms in ${labels} labels at an error rate of ${USUAL}, and median labels until the alarm (${streams} streams)`,
    columns: ['detector', 'false alarms', ...CHANGED.map((rate) => `to ${rate}`)],
    rows: [...rows, documented],
  };
  return Promise.resolve({ bench: 'labels', tables: [delays], numbers, notes: [`the acceptable rate of the e-detector is the upper bound of a reference of ${REFERENCE} labels: ${acceptableRate.toFixed(4)}`] });
} // prettier-ignore

import { binaryMetrics } from '../../src/checks/binary-metrics.js';
import { NO_LABELS } from '../../src/domain/profile.js';
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

/** Parts of simulated windows whose interval covers the truth, by metric. */
function coverage(windows: number, seed: number): Readonly<Record<string, number>> {
  const random = lcg(seed);
  const [rows, prevalence, recall, fallout] = [400, 0.3, 0.8, 0.1];
  const precision = (prevalence * recall) / (prevalence * recall + (1 - prevalence) * fallout);
  const truth: Readonly<Record<string, number>> = {
    accuracy: prevalence * recall + (1 - prevalence) * (1 - fallout),
    precision,
    recall,
    balanced_accuracy: (recall + 1 - fallout) / 2,
    f1: (2 * precision * recall) / (precision + recall),
  };
  const covered = new Map<string, number>();
  for (let i = 0; i < windows; i += 1) {
    const sums = { truePositives: 0, falsePositives: 0, falseNegatives: 0, trueNegatives: 0 };
    for (let row = 0; row < rows; row += 1) {
      const positive = random() < prevalence;
      const said = random() < (positive ? recall : fallout);
      sums[`${positive === said ? 'true' : 'false'}${said ? 'Positives' : 'Negatives'}`] += 1;
    }
    const outcome = { ...NO_LABELS, answered: rows, labelled: rows, sums, cells: {}, classRows: {}, classHits: {}, positives: {}, negatives: {}, scores: {}, answers: {}, answerScores: {}, delays: {} }; // prettier-ignore
    for (const { metric, low, high } of binaryMetrics(outcome)) {
      const value = truth[metric];
      if (value === undefined || low === null || high === null) continue;
      if (low <= value && value <= high) covered.set(metric, (covered.get(metric) ?? 0) + 1);
    }
  }
  return Object.fromEntries(Object.keys(truth).map((metric) => [metric, (covered.get(metric) ?? 0) / windows]));
} // prettier-ignore

/** Detectors of a change on streams of labels, on the same seeded streams, and whether the intervals of metrics hold what they promise. */
export async function run({ quick, seed }: BenchOptions): Promise<BenchReport> {
  const first = seed ?? SEED;
  const [streams, labels, windows] = quick ? [11, 100_000, 500] : [101, 600_000, 4000];
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
  const held = coverage(windows, first);
  for (const [metric, share] of Object.entries(held)) numbers[`coverage ${metric}`] = share;
  const intervals: BenchTable = {
    title: `intervals: part of ${windows} windows of 400 labels whose 95 % interval holds the truth`,
    columns: ['metric', 'covered'],
    rows: Object.entries(held).map(([metric, share]) => [metric, `${(100 * share).toFixed(1)} %`]),
  };
  return Promise.resolve({ bench: 'labels', tables: [delays, intervals], numbers, notes: [`the acceptable rate of the e-detector is the upper bound of a reference of ${REFERENCE} labels: ${acceptableRate.toFixed(4)}`] });
} // prettier-ignore

import type { Detector } from '../domain/detector.js';
import { adwin, ADWIN_DEFAULTS, ADWIN_START, type AdwinState } from '../stats/adwin.js';
import {
  bernoulliEDetector,
  BERNOULLI_DETECTOR_START,
  type BernoulliDetectorState,
} from '../stats/bernoulli-e-detector.js';
import { ddm, DDM_DEFAULTS, DDM_START, type DdmState } from '../stats/ddm.js';
import { hddmA, HDDM_A_DEFAULTS, HDDM_A_START, type HddmAState } from '../stats/hddm-a.js';
import { hddmW, HDDM_W_DEFAULTS, HDDM_W_START, type HddmWState } from '../stats/hddm-w.js';
import {
  pageHinkley,
  PAGE_HINKLEY_DEFAULTS,
  PAGE_HINKLEY_START,
  type PageHinkleyState,
} from '../stats/page-hinkley.js';

/** What a detector remembers after a label; plain JSON. */
export type DetectorState =
  | { readonly kind: 'adwin'; readonly of: AdwinState }
  | { readonly kind: 'ddm'; readonly of: DdmState }
  | { readonly kind: 'hddm_a'; readonly of: HddmAState }
  | { readonly kind: 'hddm_w'; readonly of: HddmWState }
  | { readonly kind: 'page_hinkley'; readonly of: PageHinkleyState }
  | { readonly kind: 'e_detector'; readonly of: BernoulliDetectorState };

/** One label in a million raises a false alarm where the policy does not say. */
const FALSE_ALARMS = 1e-6;

/** A detector that knows all it has to: the mixture e-detector needs a rate that is still acceptable. */
export type ReadyDetector =
  | Exclude<Detector, { readonly kind: 'e_detector' }>
  | (Extract<Detector, { readonly kind: 'e_detector' }> & { readonly acceptableRate: number });

/** A detector after a stretch of labels. */
interface Advanced {
  readonly state: DetectorState;
  /** Places in the stretch (from 0) at which it found a change; it began anew at the next. */
  readonly alarms: readonly number[];
  /** It warned somewhere, or does so still. */
  readonly warned: boolean;
}

/** Reads errors one by one, with the detector's own settings where the policy gives none. Null before the first label. */
export function advanceDetector(
  detector: ReadyDetector,
  before: DetectorState | null,
  errors: readonly number[],
): Advanced {
  switch (detector.kind) {
    case 'adwin': {
      const options = { ...ADWIN_DEFAULTS, ...detector };
      const start = before?.kind === 'adwin' ? before.of : ADWIN_START;
      const { last, ...found } = follow(start, (state, x) => adwin(state, x, options), errors);
      return { ...found, state: { kind: 'adwin', of: last } };
    }
    case 'ddm': {
      const options = { ...DDM_DEFAULTS, ...detector };
      const start = before?.kind === 'ddm' ? before.of : DDM_START;
      const { last, ...found } = follow(start, (state, x) => ddm(state, x, options), errors);
      return { ...found, state: { kind: 'ddm', of: last } };
    }
    case 'hddm_a': {
      const options = { ...HDDM_A_DEFAULTS, ...detector };
      const start = before?.kind === 'hddm_a' ? before.of : HDDM_A_START;
      const { last, ...found } = follow(start, (state, x) => hddmA(state, x, options), errors);
      return { ...found, state: { kind: 'hddm_a', of: last } };
    }
    case 'hddm_w': {
      const options = { ...HDDM_W_DEFAULTS, ...detector };
      const start = before?.kind === 'hddm_w' ? before.of : HDDM_W_START;
      const { last, ...found } = follow(start, (state, x) => hddmW(state, x, options), errors);
      return { ...found, state: { kind: 'hddm_w', of: last } };
    }
    case 'page_hinkley': {
      const options = { ...PAGE_HINKLEY_DEFAULTS, ...detector };
      const start = before?.kind === 'page_hinkley' ? before.of : PAGE_HINKLEY_START;
      const { last, ...found } = follow(start, (state, x) => pageHinkley(state, x, options), errors);
      return { ...found, state: { kind: 'page_hinkley', of: last } };
    }
    case 'e_detector': {
      const options = { falseAlarmRate: FALSE_ALARMS, ...detector };
      const start = before?.kind === 'e_detector' ? before.of : BERNOULLI_DETECTOR_START;
      const { last, ...found } = follow(start, (state, x) => bernoulliEDetector(state, x, options), errors);
      return { ...found, state: { kind: 'e_detector', of: last } };
    }
  }
}

interface Signals {
  readonly drift: boolean;
  readonly warning?: boolean;
}

/** One step a label. */
function follow<State extends Signals>(
  start: State,
  step: (state: State, x: number) => State,
  errors: readonly number[],
): Omit<Advanced, 'state'> & { readonly last: State } {
  const alarms: number[] = [];
  let [last, warned] = [start, false];
  errors.forEach((x, i) => {
    last = step(last, x);
    if (last.drift) alarms.push(i);
    warned ||= last.warning ?? false;
  });
  return { last, alarms, warned };
}

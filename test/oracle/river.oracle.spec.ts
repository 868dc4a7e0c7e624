import { ADWIN_START, adwin } from '../../src/stats/adwin.js';
import { DDM_START, ddm } from '../../src/stats/ddm.js';
import { HDDM_A_START, hddmA } from '../../src/stats/hddm-a.js';
import { HDDM_W_START, hddmW } from '../../src/stats/hddm-w.js';
import { PAGE_HINKLEY_START, pageHinkley } from '../../src/stats/page-hinkley.js';
import { compareWith } from './compare.js';
import { Seeded, times } from './seeded.js';

const seeded = new Seeded(20_240_602);
/** Errors that become more frequent half-way. */
const streams = [0.1, 0.2, 0.3].map((after) => [
  times(4000, (i) => (seeded.uniform(0, 1) < (i < 2000 ? 0.1 : 0.1 + after) ? 1 : 0)),
]);

/** Where a detector sees a drift, to be the same rows exactly. */
function drifts<State extends { readonly drift: boolean }>(
  start: State,
  step: (state: State, x: number) => State,
) {
  const ours = (stream: readonly number[]) => {
    let now = start;
    return stream.flatMap((x, i) => {
      now = step(now, x);
      return now.drift ? [i] : [];
    });
  };
  return { ours, relative: 0, rows: streams };
}

compareWith('river', 'river.py', {
  ADWIN: drifts(ADWIN_START, adwin),
  PageHinkley: drifts(PAGE_HINKLEY_START, pageHinkley),
  DDM: drifts(DDM_START, ddm),
  HDDM_A: drifts(HDDM_A_START, hddmA),
  HDDM_W: drifts(HDDM_W_START, hddmW),
});

import { describe, expect, it } from 'vitest';
import { graceOf, spreadAfter, type ArrivalSpread } from './arrival-spread.js';

const MOST = 60_000;
/** Looks a second apart, each with ten rows, `behind` ms behind the newest before it. */
function heard(
  seconds: number,
  behind: (second: number) => number,
  known?: ArrivalSpread,
  from = 0,
): ArrivalSpread {
  let spread = known;
  for (let second = from; second < from + seconds; second += 1) {
    const at = second * 1000;
    spread = spreadAfter(spread, [[at - behind(second), 10]], { newest: at, at });
  }
  if (!spread) throw new Error('nothing was heard');
  return spread;
}
const grace = (spread: ArrivalSpread | undefined, at: number) =>
  graceOf(spread, { at: at * 1000, most: MOST });

describe('how long a window is held open', () => {
  it('is the longest while too little was heard of the source', () => {
    expect(grace(undefined, 0)).toBe(MOST);
    expect(
      grace(
        heard(60, () => 0),
        60,
      ),
    ).toBe(MOST);
    expect(grace(spreadAfter(undefined, [[0, 5]], { newest: 0, at: 0 }), 1_000)).toBe(MOST);
  });
  it('is short for a source whose rows come in order, however late all of them are', () => {
    expect(
      grace(
        heard(180, () => 0),
        180,
      ),
    ).toBe(2_000);
  });
  it('covers all but a few of the rows that come behind', () => {
    expect(
      grace(
        heard(180, (s) => (s % 10 === 0 ? 8_000 : 0)),
        180,
      ),
    ).toBe(12_000);
    expect(
      grace(
        heard(600, (s) => (s === 300 ? 50_000 : 0)),
        600,
      ),
    ).toBe(2_000);
  });
  it('never waits longer than it may', () => {
    expect(
      grace(
        heard(180, (s) => (s % 2 === 0 ? 250_000 : 0)),
        180,
      ),
    ).toBe(MOST);
    expect(
      grace(
        heard(180, (s) => (s % 2 === 0 ? 9e6 : 0)),
        180,
      ),
    ).toBe(MOST);
  });
  it('forgets what was long ago', () => {
    const late = heard(180, (s) => (s % 2 === 0 ? 25_000 : 0));
    expect(grace(late, 180)).toBe(32_000);
    expect(
      grace(
        heard(1500, () => 0, late, 180),
        1680,
      ),
    ).toBe(2_000);
  });
});

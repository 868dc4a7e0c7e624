import { describe, expect, it } from 'vitest';
import { lcg } from '../stats/lcg.js';
import { resumedProgress, type StreamProgress } from './stream-progress.js';
import { restUntil } from './watermark-rest.js';
import { watermarks } from './window.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const NOW = 100 * HOUR;
const limits = { graceMs: MINUTE, widthMs: HOUR };

/** Sources in every state: heard just now, a while ago, silent; in time or by the day; some with rows that are ahead of the others. */
function sourcesBy(random: () => number): readonly StreamProgress[] {
  const upTo = (ms: number) => Math.floor(random() * ms);
  return Array.from({ length: 1 + upTo(3) }, () => {
    const silent = random() < 0.3 ? upTo(5_000) : random() < 0.5 ? upTo(10 * MINUTE) : upTo(30 * HOUR);
    const newest = NOW - silent - (random() < 0.5 ? upTo(3 * MINUTE) : upTo(40 * HOUR));
    const known = resumedProgress(newest, NOW - silent, random() < 0.5 ? 0 : upTo(20 * HOUR));
    const heardAt = random() < 0.5 ? known.heardAt : Math.max(known.heardAt, NOW - upTo(4_000));
    return { ...known, heardAt, furthest: newest + (random() < 0.3 ? upTo(2 * HOUR) : 0) };
  });
}

describe('how long nobody need look', () => {
  it('ends before the watermarks can be where somebody waits for them, whatever the sources', () => {
    const random = lcg(5);
    let [rested, early] = [0, 0];
    for (let round = 0; round < 1_000; round += 1) {
      const sources = sourcesBy(random);
      const marks = watermarks(sources, { ...limits, readUntil: NOW });
      const awaited = { rows: marks.rows + 1 + random() * HOUR, labels: marks.labels + 1 + random() * HOUR };
      const until = restUntil(sources, NOW, marks, awaited);
      rested += Number(until > NOW + MINUTE);
      for (let look = 0; look < 8; look += 1) {
        const readUntil = NOW + random() * Math.min(2 * HOUR, Math.max(0, until - 1 - NOW));
        const then = watermarks(sources, { ...limits, readUntil });
        early += Number(then.rows >= awaited.rows || then.labels >= awaited.labels);
      }
    }
    expect(early).toBe(0);
    expect(rested).toBeGreaterThan(250);
  });

  it('is as long as event time takes to get there where all sources are silent', () => {
    const sources = [resumedProgress(NOW - HOUR, NOW - HOUR)];
    const marks = watermarks(sources, { ...limits, readUntil: NOW });
    expect(restUntil(sources, NOW, marks, { rows: marks.rows + 7 * MINUTE, labels: Infinity })).toBe(
      NOW + 7 * MINUTE,
    );
  });

  it('is until a source counts as silent where it was heard a moment ago', () => {
    const sources = [resumedProgress(NOW, NOW - 10_000)];
    const marks = watermarks(sources, { ...limits, readUntil: NOW });
    expect(restUntil(sources, NOW, marks, { rows: marks.rows + 1, labels: Infinity })).toBe(NOW + 110_000);
  });

  it('is none while nothing was ever heard', () => {
    const marks = { rows: -Infinity, labels: -Infinity };
    expect(restUntil([], NOW, marks, { rows: -Infinity, labels: Infinity })).toBe(-Infinity);
  });
});

import { describe, expect, it } from 'vitest';
import { runNull } from '../bench/detection/null-table.js';
import { quantileOf, runPower } from '../bench/detection/power-table.js';
import { DRIFTS, WEATHERS } from '../bench/detection/weathers.js';

/** Each hundred features share a budget of one false page in 30 days. */
describe('the false-alarm budget', () => {
  const stream = { rows: 60, strict: 'auto', peers: false, days: 3 } as const;

  // More than a thousand features, most of them where a short reference knows all there is: a fit costs by the window.
  it.each([
    { weather: WEATHERS.iid, features: 1000, referenceDays: 3, season: 'none' as const },
    { weather: WEATHERS.realistic, features: 100, referenceDays: 14 },
    { weather: WEATHERS.persistent, features: 40, referenceDays: 28 },
  ])(
    'holds on $features features of $weather.name',
    (kind) => {
      const { engine, uncalibratable } = runNull({ ...stream, ...kind }, 7);
      const { features } = kind;
      const budget = (features / 100) * (stream.days / 30);
      expect(engine).toBeLessThanOrEqual(Math.ceil(budget));
      // Silence is not the way it holds: four series of a feature, and all but a few of them may page.
      expect(uncalibratable).toBeLessThanOrEqual((4 * features) / 100);
    },
    300_000,
  );

  it('leaves the power to find half a standard deviation within three windows', () => {
    const { delays } = runPower(
      { drift: DRIFTS.half, weather: WEATHERS.realistic, rows: 500, target: 1 },
      10,
      7,
      false,
    );
    expect(quantileOf(delays.engine ?? [], 0.5)).toBeLessThanOrEqual(3);
  }, 120_000);
});

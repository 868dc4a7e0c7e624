import { categories, numbers } from './calm-features.js';
import type { CalmFeature, Moment } from './calm-kind.js';

type Random = () => number;
/** A value by the time of the row. */
const byTime =
  (valueOf: (at: Date, row: number) => number, make = numbers) =>
  (random: Random): CalmFeature => {
    let row = 0;
    return make(({ from, widthMs }: Moment) => () => {
      row += 1;
      return valueOf(new Date(from.getTime() + random() * widthMs), row);
    });
  };
const DAY = 86_400_000;
const dayOfYear = (at: Date) => Math.floor((at.getTime() - Date.UTC(at.getUTCFullYear(), 0, 1)) / DAY) + 1;
const turn = (at: Date) => (2 * Math.PI * (at.getTime() % DAY)) / DAY;

/** Features that are nothing but the time stamp in another form. */
export const TIME_FUNCTIONS: readonly ((random: Random) => CalmFeature)[] = [
  byTime((at) => at.getUTCDay()),
  byTime((at) => ((at.getUTCDay() + 6) % 7) + 1),
  (random) => ({ ...byTime((at) => at.getUTCMonth() + 1)(random), name: 'month' }),
  byTime((at) => at.getUTCDate()),
  byTime((at) => at.getUTCHours()),
  (random) => ({ ...byTime((at) => at.getUTCFullYear())(random), name: 'year' }),
  byTime((at) => (at.getUTCDay() % 6 === 0 ? 1 : 0)),
  byTime(dayOfYear),
  byTime((at) => Math.floor(dayOfYear(at) / 7)),
  byTime((_, row) => 1_000_000 + row),
  byTime((at) => Math.floor(at.getTime() / 1000)),
  byTime((at) => at.getTime()),
  byTime((at) => at.getUTCHours() * 60 + at.getUTCMinutes()),
  byTime((at) => Math.sin(turn(at))),
  byTime((at) => Math.cos(turn(at))),
  byTime((at) => Math.floor(at.getTime() / DAY) - 19_000),
  byTime((at) => at.getUTCDay(), categories),
  byTime((at) => at.getUTCHours(), categories),
  (random) => ({ ...byTime((at) => at.getUTCMonth(), categories)(random), name: 'month_name' }),
  byTime((at) => Math.floor(at.getTime() / DAY), categories),
];

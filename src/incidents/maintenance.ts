import type { Matcher } from '../domain/matcher.js';
import type { WeeklyTime } from '../domain/weekly-time.js';

/** A time that comes every week, such as a nightly load, in which what matches is not told. */
export interface Maintenance extends WeeklyTime {
  readonly name: string;
  readonly matchers: readonly Matcher[];
}

import type { ReferenceWindow } from '../domain/baseline.js';
import type { WindowProfile } from '../domain/profile.js';
import { mergeFeatures, mergePerformance } from './merge-profiles.js';

/** The windows of one local day taken together, as far as they have come. */
export interface Day {
  /** Local date, 2024-06-01. */
  readonly date: string;
  /** Start of its first window, epoch milliseconds. */
  readonly from: number;
  /** Windows with rows, of predictions or of labels. */
  readonly windows: number;
  readonly profile: WindowProfile;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The local date of an instant. */
export function dateOf(at: Date, timezone: string): string {
  const known = formatters.get(timezone);
  const format = known ?? new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' });
  if (!known) formatters.set(timezone, format);
  return format.format(at);
}

/** The day with one more of its windows; measures of rules do not add up over windows and stay out. */
export function addToDay(day: Day | null, from: Date, profile: WindowProfile, timezone: string): Day {
  const windows = profile.predictions > 0 || profile.performance.labelled > 0 ? 1 : 0;
  const own = { ...profile, measures: {}, unknownFeatures: [] };
  if (!day) return { date: dateOf(from, timezone), from: from.getTime(), windows, profile: own };
  const before = day.profile.features;
  const features = Object.fromEntries(
    Object.keys({ ...before, ...profile.features }).flatMap((name) => {
      const [a, b] = [before[name], profile.features[name]];
      const merged = a && b ? mergeFeatures(a, b) : (a ?? b);
      return merged ? [[name, merged] as const] : [];
    }),
  );
  return {
    ...day,
    windows: day.windows + windows,
    profile: {
      ...own,
      predictions: day.profile.predictions + profile.predictions,
      features,
      performance: mergePerformance(day.profile.performance, profile.performance),
    },
  };
}

/** The days of a reference, in order. */
export function daysOf(windows: readonly ReferenceWindow[], timezone: string): readonly Day[] {
  const days: Day[] = [];
  for (const { from, profile } of windows.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = days.at(-1);
    const same = last?.date === dateOf(from, timezone) ? last : null;
    if (same) days.pop();
    days.push(addToDay(same ?? null, from, profile, timezone));
  }
  return days;
}

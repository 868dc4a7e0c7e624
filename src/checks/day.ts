import type { ReferenceWindow } from '../domain/baseline.js';
import { NO_LABELS, type WindowProfile } from '../domain/profile.js';
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
  /** Windows that were left out, by feature ({@link ANSWERS}: their labels); absent where none was. */
  readonly without?: Readonly<Record<string, number>>;
}

/** Stands for what labels say of a window, beside the names of features. */
export const ANSWERS = '';

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The local date of an instant. */
export function dateOf(at: Date, timezone: string): string {
  const known = formatters.get(timezone);
  const format = known ?? new Intl.DateTimeFormat('en-CA', { timeZone: timezone, dateStyle: 'short' });
  if (!known) formatters.set(timezone, format);
  return format.format(at);
}

/**
 * The day with one more of its windows; measures of rules do not add up over windows and stay out. So does what `loud` names: it is told of by this
 * window itself, and a day that held it would tell it once more for as long as days take to forget.
 */
export function addToDay(
  day: Day | null,
  { from, profile }: Pick<ReferenceWindow, 'from' | 'profile'>,
  timezone: string,
  loud: ReadonlySet<string> = new Set(),
): Day {
  const windows = profile.predictions > 0 || profile.performance.labelled > 0 ? 1 : 0;
  const own = { ...withoutParts(profile, (part) => loud.has(part)), measures: {}, unknownFeatures: [] };
  const without = [...loud].map((name) => [name, (day?.without?.[name] ?? 0) + windows] as const);
  const left = loud.size > 0 ? { without: { ...day?.without, ...Object.fromEntries(without) } } : {};
  if (!day) return { date: dateOf(from, timezone), from: from.getTime(), windows, profile: own, ...left };
  return { ...day, windows: day.windows + windows, profile: merged(day.profile, own), ...left };
}

/** A profile without some of its features, and without what labels say where {@link ANSWERS} is left out. */
export function withoutParts(profile: WindowProfile, isLeftOut: (part: string) => boolean): WindowProfile {
  const features = Object.entries(profile.features).filter(([name]) => !isLeftOut(name));
  return {
    ...profile,
    features: Object.fromEntries(features),
    performance: isLeftOut(ANSWERS) ? NO_LABELS : profile.performance,
  };
}

function merged(day: WindowProfile, own: WindowProfile): WindowProfile {
  const features = Object.fromEntries(
    Object.keys({ ...day.features, ...own.features }).flatMap((name) => {
      const [a, b] = [day.features[name], own.features[name]];
      const both = a && b ? mergeFeatures(a, b) : (a ?? b);
      return both ? [[name, both] as const] : [];
    }),
  );
  return {
    ...own,
    predictions: day.predictions + own.predictions,
    features,
    performance: mergePerformance(day.performance, own.performance),
  };
}

/** The days of a reference, in order. */
export function daysOf(windows: readonly ReferenceWindow[], timezone: string): readonly Day[] {
  const days: Day[] = [];
  for (const window of windows.toSorted((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = days.at(-1);
    const same = last?.date === dateOf(window.from, timezone) ? last : null;
    if (same) days.pop();
    days.push(addToDay(same ?? null, window, timezone));
  }
  return days;
}

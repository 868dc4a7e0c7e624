import { max, min } from 'simple-statistics';
import type { FeatureProfile } from '../domain/profile.js';
import { ARMING_WINDOWS } from './series.js';
import { isConstant } from './variety.js';

/** One window of a feature, in order of time. */
export interface TimedProfile {
  /** Slot of the week. */
  readonly slot: number;
  readonly profile: FeatureProfile;
}

/** A window holds at most this part of the range of all of them: one moment says nearly everything of a feature that follows time. */
const NARROW = 0.25;
/** Windows of one hour of the week agree to this part of that range. */
const SAME = 0.02;
/** Falls of what otherwise only grows: a day of the month begins anew, once a month. */
const RENEWALS_IN = 600;

/**
 * Whether a feature is a function of the time stamp: the weekday, the hour, a row number, a date. Each window then holds next to nothing of what
 * the feature can be, and either windows of the same hour of the week are the same, or what comes later is larger. That such a
 * feature moves is no finding, and what it was in the reference says nothing of what it will be.
 */
export function followsTime(windows: readonly TimedProfile[]): boolean {
  const places = placesOf(windows);
  if (places.length < ARMING_WINDOWS) return false;
  const low = min(places.map(({ low: own }) => own));
  const range = max(places.map(({ high }) => high)) - low;
  if (!(range > 0 && range < Infinity) || places.some((place) => place.high - place.low > NARROW * range))
    return false;
  return repeatsByWeek(places, SAME * range) || grows(places, SAME * range);
}

/** Names under which a value that never changed is the month, say, that the reference lies in. */
const CALENDAR = /(^|[^a-z])(year|month|quarter)([^a-z]|$)/i;

/** A constant that its name calls a part of the date: it will change when that does. */
export function isPartOfDate(name: string, windows: readonly TimedProfile[]): boolean {
  const constant = windows.every(({ profile }) => profile.n === 0 || isConstant(profile));
  return constant && windows.length >= ARMING_WINDOWS && CALENDAR.test(name);
}

interface Place {
  readonly slot: number;
  readonly low: number;
  readonly high: number;
}

/** Where each window lies: between its smallest and largest value, or at the one category all of its rows have; anywhere where it has several. */
function placesOf(windows: readonly TimedProfile[]): Place[] {
  const first = new Map<number, number>();
  return windows.flatMap(({ slot, profile }): Place[] => {
    if (profile.n === 0) return [];
    if (profile.kind === 'numeric') return [{ slot, low: profile.min, high: profile.max }];
    const category = profile.counts.indexOf(profile.n);
    if (category < 0) return [{ slot, low: -Infinity, high: Infinity }];
    // Categories are numbered as they come, so that one that comes back is a fall.
    const number = first.get(category) ?? first.size;
    first.set(category, number);
    return [{ slot, low: number, high: number }];
  });
}

function repeatsByWeek(places: readonly Place[], same: number): boolean {
  const seen = new Map<number, Place>();
  let again = 0;
  for (const place of places) {
    const before = seen.get(place.slot);
    if (!before) seen.set(place.slot, place);
    else if (Math.abs(middle(before) - middle(place)) > same) return false;
    else again += 1;
  }
  return again >= ARMING_WINDOWS;
}

function grows(places: readonly Place[], same: number): boolean {
  const falls = places.filter((place, i) => {
    const before = places[i - 1];
    return before !== undefined && middle(place) < middle(before) - same;
  });
  return falls.length <= Math.floor(places.length / RENEWALS_IN);
}

function middle({ low, high }: Place): number {
  return (low + high) / 2;
}

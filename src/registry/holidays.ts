import type Holidays from 'date-holidays';
import { createRequire } from 'node:module';
import type { Model } from '../domain/model.js';

const require = createRequire(import.meta.url);
/** Loaded for the first model that names a country: it is a hundred files, and every command would read them as it starts. */
const calendarClass = (): typeof Holidays => require('date-holidays') as typeof Holidays;

/** Years whose holidays are known: the same for every reader, whenever it reads. */
const YEARS = { first: 2015, last: 2045 } as const;
const known = new Map<string, readonly string[]>();

/**
 * The model with the public holidays of its calendar's country among the days that are like Sundays. The country must be one that
 * {@link calendarProblems} accepts.
 */
export function withHolidays(model: Model): Model {
  const { calendar } = model;
  if (!calendar?.country) return model;
  const days = [...calendar.days, ...publicHolidays(calendar.country, calendar.region)];
  return { ...model, calendar: { ...calendar, days } };
}

/** What of a model's calendar names no place, with the places there are. */
export function calendarProblems({
  calendar,
}: Model): { readonly path: string[]; readonly message: string }[] {
  if (!calendar) return [];
  const { country, region } = calendar;
  const problem = (field: string, message: string) => [{ path: ['calendar', field], message }];
  if (!country) return region ? problem('region', 'a region needs its `country`') : [];
  const Calendar = calendarClass();
  const all = new Calendar();
  const countries = Object.keys(all.getCountries());
  if (!countries.includes(country)) return problem('country', `is none of ${countries.join(', ')}`);
  const regions = Object.keys(all.getStates(country) ?? {});
  if (!region || regions.includes(region)) return [];
  const there = regions.length > 0 ? `is none of ${regions.join(', ')}` : `${country} has no regions here`;
  return problem('region', there);
}

function publicHolidays(country: string, region: string | undefined): readonly string[] {
  const place = `${country}/${region ?? ''}`;
  const before = known.get(place);
  if (before) return before;
  const Calendar = calendarClass();
  const calendar = region ? new Calendar(country, region) : new Calendar(country);
  const days: string[] = [];
  for (let year = YEARS.first; year <= YEARS.last; year += 1)
    for (const { type, date } of calendar.getHolidays(year))
      if (type === 'public') days.push(date.slice(0, 10));
  known.set(place, days);
  return days;
}

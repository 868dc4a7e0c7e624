import { z } from 'zod';

/** A region by its name, as people of a firm write it; capitals make no difference. */
const Region = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a region such as EU or eu-central-1: letters, digits, dot, dash, underscore')
  .transform((name) => name.toUpperCase()); // prettier-ignore

/**
 * One region or several. Of data: it may lie in any of them. Of a place: it lies in all of them, such as `[DE, EU]`; which region is part of which
 * is nobody's to guess.
 */
export const RegionArray = z.array(Region).min(1).max(20);
export const Regions = z.preprocess((given) => (typeof given === 'string' ? [given] : given), RegionArray);

/** Where something lies; null where nobody said. */
export type Place = readonly string[] | null;

/** Whether data that has to stay in one of some regions may lie at a place. Nobody knows of a place that does not say where it lies: it may not. */
export function mayLieAt(residency: readonly string[] | undefined, place: Place): boolean {
  return residency === undefined || (place?.some((region) => residency.includes(region)) ?? false);
}

/** `lies in US`, `does not say where it lies`. */
export function placeText(place: Place): string {
  return place === null || place.length === 0 ? 'does not say where it lies' : `lies in ${place.join(', ')}`;
}

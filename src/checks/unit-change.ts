/** What a sample looks like, as far as a change of unit can change it. */
export interface Moments {
  readonly mean: number;
  readonly sd: number;
}

interface Conversion {
  readonly factor: number;
  readonly offset: number;
  readonly label: string;
  readonly meaning: string;
}

const linear = (factor: number, label: string, meaning: string): Conversion => ({
  factor,
  offset: 0,
  label,
  meaning,
});

const CONVERSIONS: readonly Conversion[] = [
  linear(1.609344, '× 1.609', 'miles → kilometres'),
  linear(1 / 1.609344, '× 0.621', 'kilometres → miles'),
  linear(2.54, '× 2.54', 'inches → centimetres'),
  linear(1 / 2.54, '× 0.394', 'centimetres → inches'),
  linear(0.45359237, '× 0.4536', 'pounds → kilograms'),
  linear(1 / 0.45359237, '× 2.205', 'kilograms → pounds'),
  linear(0.3048, '× 0.3048', 'feet → metres'),
  linear(1 / 0.3048, '× 3.281', 'metres → feet'),
  linear(3.6, '× 3.6', 'metres per second → kilometres per hour'),
  linear(1 / 3.6, '× 0.278', 'kilometres per hour → metres per second'),
  linear(60, '× 60', 'minutes → seconds, or hours → minutes'),
  linear(1 / 60, '× 1/60', 'seconds → minutes, or minutes → hours'),
  linear(3600, '× 3600', 'hours → seconds'),
  linear(1 / 3600, '× 1/3600', 'seconds → hours'),
  linear(10, '× 10', 'a factor of ten'),
  linear(0.1, '× 0.1', 'a factor of a tenth'),
  linear(100, '× 100', 'a fraction → percent, or units → cents'),
  linear(0.01, '× 0.01', 'percent → a fraction, or cents → units'),
  linear(1000, '× 1000', 'thousands → units, or seconds → milliseconds'),
  linear(0.001, '× 0.001', 'units → thousands, or milliseconds → seconds'),
  linear(1e6, '× 1 000 000', 'millions → units'),
  linear(1e-6, '× 0.000001', 'units → millions'),
  { factor: 1.8, offset: 32, label: '× 1.8 + 32', meaning: 'Celsius → Fahrenheit' },
  { factor: 1 / 1.8, offset: -32 / 1.8, label: '(x − 32) / 1.8', meaning: 'Fahrenheit → Celsius' },
  { factor: 1, offset: 273.15, label: '+ 273.15', meaning: 'Celsius → Kelvin' },
  { factor: 1, offset: -273.15, label: '− 273.15', meaning: 'Kelvin → Celsius' },
];

/** How far the mean (in converted standard deviations) and the log of the spread may miss a conversion. */
const TOLERANCE = { mean: 0.15, logSpread: 0.12 } as const;
/** In converted standard deviations. */
const LEAST_OFFSET = 0.5;

/**
 * The change of unit that turns the reference into the window, if one does: both the mean and the spread must move as the
 * conversion says, and the window must not fit the reference as it is. Null otherwise.
 */
export function unitChange(
  reference: Moments,
  now: Moments,
): { readonly label: string; readonly meaning: string } | null {
  if (!(reference.sd > 0 && now.sd > 0)) return null;
  if (missOf(linear(1, '', ''), reference, now) < 1) return null;
  const fits = CONVERSIONS.filter((conversion) => showsOffset(conversion, reference))
    .map((conversion) => ({ conversion, miss: missOf(conversion, reference, now) }))
    .filter(({ miss }) => miss < 1)
    .toSorted((a, b) => a.miss - b.miss);
  return fits[0]?.conversion ?? null;
}

/** An offset lost in the spread cannot be told from a factor alone: distances are no temperatures. */
function showsOffset({ factor, offset }: Conversion, reference: Moments): boolean {
  return offset === 0 || Math.abs(offset) >= LEAST_OFFSET * factor * reference.sd;
}

/** 0 is a perfect fit, 1 the edge of what is believed. */
function missOf({ factor, offset }: Conversion, reference: Moments, now: Moments): number {
  const sd = factor * reference.sd;
  const mean = Math.abs(now.mean - (factor * reference.mean + offset)) / sd;
  const spread = Math.abs(Math.log(now.sd / sd));
  return Math.max(mean / TOLERANCE.mean, spread / TOLERANCE.logSpread);
}

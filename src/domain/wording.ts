/*
 * Numbers, shares, spans and instants as people read them. Sentences of checks, messages and pages all take them from here, so that one
 * number never reads differently in two places.
 */

/** `2001-03-14 10:00`, UTC, for columns of times under a page that says so; sentences take {@link utcText}. */
export function minuteText(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}

/** `2001-03-14 10:00 UTC`, for sentences: nobody has to know which clock is meant. */
export function utcText(at: Date): string {
  return `${minuteText(at)} UTC`;
}

/** `2001-03-14 10:00 to 2001-03-15 00:00 UTC`. */
export function utcSpanText(from: Date, to: Date): string {
  return `${minuteText(from)} to ${utcText(to)}`;
}

/** `2001-03-14 10:00:05`, UTC, for lists of events. */
export function secondText(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

/** A whole number with thin groups: `12 345`. */
export function countText(n: number): string {
  return grouped(Math.round(n).toString());
}

/** So many of something that has a plural with s: `1 prediction`, `12 345 predictions`. */
export function manyText(n: number, thing: string): string {
  return `${countText(n)} ${thing}${Math.round(n) === 1 ? '' : 's'}`;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/**
 * A number at three significant digits (or as many as given) and with all digits before its point, with an exponent only where it would be
 * long without; a dash for what was not computed.
 */
export function numberText(value: number | null, digits = 3): string {
  if (value === null || !Number.isFinite(value)) return '–';
  return value < 0 ? `−${sizeText(-value, digits)}` : sizeText(value, digits);
}

const LONG = 1e7;

function sizeText(size: number, digits: number): string {
  if (size !== 0 && (size < 0.001 || size >= LONG))
    return size.toExponential(Math.max(1, digits - 2)).replace(/(\.\d*?)0+e/, '$1e').replace('.e', 'e').replace('e+', 'e'); // prettier-ignore
  const whole = Math.floor(size).toString().length;
  const [front = '0', back] = Number(size.toPrecision(Math.max(digits, whole))).toString().split('.'); // prettier-ignore
  return back === undefined ? grouped(front) : `${grouped(front)}.${back}`;
}

/** The same with its sign. */
export function signedText(value: number | null): string {
  return value !== null && value > 0 ? `+${numberText(value)}` : numberText(value);
}

/** A percentage of less than one row of all that anybody counts: what a subtraction of equal shares leaves. */
const NO_PERCENT = 1e-10;

/** A share as a percentage: `12 %`, `0.1 %`; what is nearly all keeps the digits that say by how much, and what only rounding has made is 0. */
export function percentText(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return '–';
  const value = withoutNoise(100 * share);
  if (value > 99 && value < 100)
    return `${Number((100 - Number((100 - value).toPrecision(2))).toFixed(6))} %`;
  return `${Math.abs(value) >= 10 ? numberText(Math.round(value)) : numberText(value)} %`;
}

/** A difference of percentages: `+12 percentage points`. */
export function pointsText(points: number): string {
  return `${signedText(withoutNoise(points))} percentage points`;
}

/** A percentage, or 0 where only rounding has made it. */
export function withoutNoise(percent: number): number {
  return Math.abs(percent) < NO_PERCENT ? 0 : percent;
}

/** An interval by its ends: `0.81 to 0.93`; a dash where it was not computed. `text` writes an end. */
export function intervalText(
  low: number | null,
  high: number | null,
  text: (end: number) => string = numberText,
): string {
  return low === null || high === null ? '–' : `${text(low)} to ${text(high)}`;
}

const STEPS = [
  ['years', 365.25 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** How long something takes or took, in the largest unit it has two of: `3 years`, `2.5 d`, `5 h`, `2 min`; nobody counts parts of a minute. */
export function spanText(ms: number): string {
  const size = Math.abs(ms);
  const [unit, step] = STEPS.find(([, length]) => size >= 2 * length) ?? ['min', 60_000];
  return size < 60_000
    ? 'under a minute'
    : `${Number((size / step).toFixed(unit !== 'min' && size < 10 * step ? 1 : 0))} ${unit}`;
}

/** `feature_drift` as people write it. Never for names of users, which keep their case. */
export function words(name: string): string {
  return name.replaceAll('_', ' ').toLowerCase();
}

/** `age, income and 3 more`: as many names as are read, and how many are left out. */
export function someOf(names: readonly string[], most: number): string {
  const more = names.length > most ? ` and ${names.length - most} more` : '';
  return `${names.slice(0, most).join(', ')}${more}`;
}

/** As many whole names as fit into so many characters, and how many are left out: `age, income and 3 more`; `5 more` where not one of them fits, nothing of none. */
export function namesWithin(names: readonly string[], room: number): string {
  if (names.length === 0) return '';
  // A storm has thousands of names; each takes a character at least, so more than these never fit.
  for (let most = Math.min(names.length, room); most > 0; most -= 1) {
    const text = someOf(names, most);
    if (text.length <= room) return text;
  }
  return `${names.length} more`;
}

/** A text of at most so many characters, cut between words. */
export function cutBetweenWords(text: string, length: number): string {
  const letters = Array.from(text);
  if (letters.length <= length) return text;
  const kept = letters.slice(0, length - 1).join('');
  const end = letters[length - 1] === ' ' ? kept.length : kept.lastIndexOf(' ');
  return `${kept.slice(0, end > kept.length / 2 ? end : kept.length).replace(/[ ,;:]+$/u, '')}…`;
}

/** `2001-03-14 10:00`, UTC. */
export function minuteText(at: Date): string {
  return at.toISOString().slice(0, 16).replace('T', ' ');
}

/** `03-14 10:00:05`-like instants with seconds, for lists of events. */
export function secondText(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

/** A whole number with thin groups: `12 345`. */
export function countText(n: number): string {
  return Math.round(n)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** A number at three significant digits, with an exponent only where it would be long without; a dash for what was not computed. */
export function numberText(value: number | null): string {
  if (value === null || !Number.isFinite(value)) return '–';
  return value < 0 ? `−${sizeText(-value)}` : sizeText(value);
}

function sizeText(size: number): string {
  if (size !== 0 && (size < 0.001 || size >= 1e7)) return size.toExponential(1).replace(/(?:\.0)?e\+?/, 'e');
  return size >= 1000 ? countText(size) : Number(size.toPrecision(3)).toString();
}

/** The same with its sign. */
export function signedText(value: number | null): string {
  return value !== null && value > 0 ? `+${numberText(value)}` : numberText(value);
}

/** A share as a percentage with at most one decimal: `0.2 %`. */
export function percentText(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return '–';
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (Math.abs(percent) < 0.1) return `${percent < 0 ? '>−' : '<'}0.1 %`;
  return `${percent.toFixed(Math.abs(percent) >= 10 ? 0 : 1)} %`;
}

const STEPS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
] as const;

/** How long something takes or took, in its largest fitting unit: `3 d`, `5 h`, `2 min`. */
export function spanText(ms: number): string {
  const size = Math.abs(ms);
  const [unit, step] = STEPS.find(([, length]) => size >= 2 * length) ?? ['min', 60_000];
  return size < 60_000 ? 'under a minute' : `${Math.floor(size / step)} ${unit}`;
}

/** `feature_drift` as people write it. */
export function words(name: string): string {
  return name.replaceAll('_', ' ').toLowerCase();
}

import { FARTHEST_MEASURED, statisticUnit } from './statistic-text.js';
import { countText, numberText, percentText } from './wording.js';

/** What a feature usually is, in its own unit. */
export interface Usual {
  readonly mean: number;
  readonly sd: number;
  readonly unit: string | null;
}

/** A measured effect, and what it is relative to. */
export interface Measured {
  readonly check: string;
  readonly statistic: string;
  /** The newest value that was told and its effect. */
  readonly value: number | null;
  readonly effect: number | null;
  /** Mean effect over all windows of the incident, by rows; null where it has none. */
  readonly size: number | null;
}

/**
 * From what it was to what it is: `≈ 640 → ≈ 1 030 miles`, `12 % → 30 %`, `1 200 → 800 predictions`. "Now" is over all windows of the incident, not
 * the last one alone. Null for statistics that have no such two numbers, such as a distance.
 */
export function changeText(measured: Measured, usual: Usual | null): string | null {
  const { check, statistic, value, effect, size } = measured;
  if (effect === null || size === null) return null;
  switch (statisticUnit(check, statistic)) {
    case 'sd':
      return usual && usual.sd > 0 ? shifted(usual, size) : null;
    case 'share':
      return value === null || check === 'attribution_drift' ? null : share(value - effect / 100, size / 100);
    case 'count':
      return value === null || effect <= -100 ? null : counts(value / (1 + effect / 100), size / 100);
    default:
      return null;
  }
}

function shifted({ mean, sd, unit }: Usual, size: number): string {
  const now = numberText(mean + size * sd);
  // Levels are measured in the bins of the reference: what lies beyond the outermost counts as lying in it.
  const where = Math.abs(size) < FARTHEST_MEASURED ? `≈ ${now}` : `${size > 0 ? 'more' : 'less'} than ${now}`;
  return `≈ ${numberText(mean)} → ${where}${unit === null ? '' : ` ${unit}`}`;
}

function share(before: number, by: number): string | null {
  const now = before + by;
  const possible = before >= -1e-9 && before <= 1 && now >= -1e-9 && now <= 1 + 1e-9;
  return possible ? `${percentText(Math.max(0, before))} → ${percentText(Math.max(0, now))}` : null;
}

function counts(before: number, by: number): string {
  return `${countText(before)} → ${countText(Math.max(0, before * (1 + by)))} predictions a window`;
}

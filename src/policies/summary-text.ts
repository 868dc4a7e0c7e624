import type { CheckResult } from '../domain/check-result.js';
import type { CompiledRule } from './compiled-policy.js';

/** One sentence for a person: what was found where, in the check's own words where it has some. */
export function summaryText(about: {
  readonly signal: { readonly check: string; readonly feature: string | null };
  readonly rule: CompiledRule;
  readonly statistic: string;
  readonly result: CheckResult | null;
  readonly outcome: string;
  readonly blindWindows: number;
}): string {
  const { signal, result, statistic } = about;
  const where = signal.feature === null ? words(signal.check) : `${words(signal.check)} of ${signal.feature}`;
  if (about.blindWindows > 0)
    return `${where}: no answer for ${about.blindWindows} windows, the monitor is blind here`;
  if (!result) return `${where}: ${words(statistic)} is missing from this window`;
  if (about.outcome === 'hold')
    return `${where}: not judged (${result.state.toLowerCase()}, ${result.n} rows)`;
  if (about.outcome === 'clear') return `${where}: back to normal (${measured(statistic, result)})`;
  return result.explanation
    ? `${where}: ${result.explanation}`
    : `${where}: ${measured(statistic, result)}, ${result.n} rows`;
}

function measured(statistic: string, result: CheckResult): string {
  const value = result.value === null ? 'not computed' : shortNumber(result.value);
  return `${words(statistic)} ${value}${result.effect === null ? '' : `, effect ${shortNumber(result.effect)}`}`;
}

function shortNumber(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(3))) : String(value);
}

function words(name: string): string {
  return name.replaceAll('_', ' ');
}

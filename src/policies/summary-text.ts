import type { CheckName, CheckResult } from '../domain/check-result.js';
import type { Verdict } from '../domain/incident.js';
import { effectText, statisticText, valueText } from '../domain/statistic-text.js';
import { saidOfNumber } from '../domain/unjudged-number.js';
import { countText, words } from '../domain/wording.js';
import type { CompiledRule } from './compiled-policy.js';

/** One sentence for a person: what was found where, in the check's own words where it has some. */
export function summaryText(about: {
  readonly signal: { readonly check: string; readonly feature: string | null; readonly segment?: string };
  readonly rule: CompiledRule;
  readonly statistic: string;
  readonly result: CheckResult | null;
  readonly outcome: string;
}): string {
  const { signal, result, statistic } = about;
  const subject = signal.feature ?? signal.segment;
  const where = subject === undefined ? words(signal.check) : `${words(signal.check)} of ${subject}`;
  if (!result) return `${where}: ${statisticText(statistic)} is missing from this window`;
  if (about.outcome === 'hold')
    return `${where}: not judged (${words(result.state)}, ${countText(result.n)} rows)`;
  if (about.outcome === 'clear') return `${where}: back to normal (${measured(statistic, result)})`;
  const said = saidOfNumber(result.explanation);
  return said ? `${where}: ${said}` : `${where}: ${measured(statistic, result)}, ${countText(result.n)} rows`;
}

/** What those words are read as, where the summary has them. */
export function readBeside(outcome: Verdict['outcome'], result: CheckResult | null): Pick<Verdict, 'readAs'> {
  const isSaid = outcome === 'breach' || outcome === 'elevated';
  return isSaid && result?.readAs ? { readAs: result.readAs } : {};
}

function measured(statistic: string, result: CheckResult): string {
  const value = result.value === null ? 'not computed' : valueText(result.check, statistic, result.value);
  const effect =
    result.effect === null ? '' : `, effect ${effectText(result.check, statistic, result.effect)}`;
  return `${statisticText(statistic)} ${value}${effect}`;
}

/** Checks whose statistics are about different things: calls that fail, and calls that take long. */
const MANY_SIDED: ReadonlySet<CheckName> = new Set(['service']);

/** What else a person must hear of beside what leads, in the check's own words; nothing twice. */
export function alsoTexts(
  lead: CheckResult | null,
  breaching: readonly (CheckResult | null)[],
): readonly string[] {
  if (!lead || !MANY_SIDED.has(lead.check)) return [];
  const said = breaching.flatMap((result) => result?.explanation ?? []);
  return [...new Set(said)].filter((text) => text !== lead.explanation);
}

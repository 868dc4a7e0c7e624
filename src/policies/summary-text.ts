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

/** Between what a check says of a number and what it is held against. */
const CLAUSE = '; ';

/**
 * The sentence of what leads with what else a person must hear of beside it, in the checks' own words: nothing twice, and what is said of the same number, such as that of a
 * target, right behind it.
 */
export function saidTogether(
  sentence: string,
  lead: CheckResult | null,
  breaching: readonly (CheckResult | null)[],
): string {
  if (!lead || !MANY_SIDED.has(lead.check)) return sentence;
  const [own = '', ...ownRest] = (lead.explanation ?? '').split(CLAUSE);
  const told = new Map([[own, ownRest]]);
  for (const [head = '', ...rest] of breaching.flatMap((one) => (one?.explanation ? [one.explanation.split(CLAUSE)] : [])))
    told.set(head, [...new Set([...(told.get(head) ?? []), ...rest])]);
  const [leading, ...others] = [...told].map(([head, rest]) => [head, ...rest]);
  const added = (leading ?? []).slice(1 + ownRest.length);
  return [[sentence, ...added].join(CLAUSE), ...others.map((one) => one.join(CLAUSE))].join('; also ');
} // prettier-ignore

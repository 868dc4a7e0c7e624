import type { Briefing, CaseMessage, Finding } from '../domain/case-message.js';
import { inWindows, isSentence, withoutCheckName } from '../domain/incident-headline.js';
import { effectText, statisticText, valueText } from '../domain/statistic-text.js';
import { handsText } from './case-hands.js';
import { isBack } from './case-news.js';
import { findingName, leadOf } from './case-title.js';
import { withoutOwnReference, withoutShares } from './one-reference.js';
import { alsoTouchedText, touchedText } from './also-touched.js';
import { countText, minuteText, spanText, utcText } from '../domain/wording.js';

/** A name and what is said under it, in the order in which a person wants to know. */
export type Fact = readonly [name: string, text: string];

/**
 * The facts of a case in words, which every rendering shows: by how much, since when, how sure, what it touches, why, what to do. Times are UTC.
 * Facts that a message does not know are left out, never filled in.
 */
export function factsOfCase(message: CaseMessage): readonly Fact[] {
  const { briefing } = message;
  const leading = message.findings[0];
  const hands = handsText(message);
  const facts: readonly (Fact | null)[] = [
    message.instead === undefined ? null : ['In the place of another', message.instead],
    message.call ? ['Waiting', message.call.text] : null,
    message.hands?.rootCause ? ['Root cause', message.hands.rootCause] : null,
    briefing?.recovered ? ['Over in', briefing.recovered] : null,
    leading ? ['By how much', `${namedNumbers(briefing, leading)}${sizeText(leading)}`] : null,
    ['Since', sinceText(message)],
    wholeOf(message),
    briefing ? ['How sure', briefing.sure] : null,
    ['Touches', touchesText(message)],
    hands === null ? null : ['With', hands],
    briefing?.cost ? [costName(message), briefing.cost] : null,
    briefing?.unwatched ? ['Not watched', briefing.unwatched] : null,
    briefing?.cause ? ['Probable cause', briefing.cause.text] : null,
    briefing && briefing.next.length > 0 ? ['Next', briefing.next.join(' ')] : null,
  ];
  return facts.filter((fact) => fact !== null);
}

/** Whose numbers follow, where what stands before them is about more than one finding. */
function namedNumbers(briefing: Briefing | undefined, leading: Finding): string {
  const isOfMore = ABOUT_MORE.has(briefing?.cause?.kind ?? '') && leading.feature !== null;
  return isOfMore || leading.model !== undefined ? `${findingName(leading)}: ` : '';
}

/** Causes that head a case in the place of its leading finding. */
const ABOUT_MORE: ReadonlySet<string> = new Set(['all_inputs', 'calibration']);

/** How large a change is over all its windows, and which windows those are. */
export function sizeText(finding: Finding): string {
  const { seen } = finding;
  const range = seen ? `, windows ${minuteText(new Date(seen.from))} to ${utcText(new Date(seen.to))}` : '';
  return `${changedText(finding)}${range}`;
}

/** The same without the windows. */
function changedText(finding: Finding): string {
  const { change, extent } = finding;
  const size = extent ?? windowText(finding);
  return change === undefined ? size : `${change} (${size})`;
}

/** The words of the check, and which window they are about where there are several. */
export function saidText({ explanation, saidOf, saidFrom, seen }: Finding): string {
  const isOfMany = saidOf !== undefined && (seen?.windows ?? 1) > 1;
  if (!isOfMany) return explanation;
  const from = saidFrom === undefined ? undefined : new Date(saidFrom);
  return `${explanation}, ${inWindows(new Date(saidOf), from)}`;
}

/** The words of the check without its name; null where they only repeat how large the change is. */
export function beyondSize(finding: Finding): string | null {
  const { change, extent, explanation } = finding;
  if (extent !== undefined && explanation.endsWith(extent)) return null;
  if (change !== undefined && explanation.includes(`: ${change} over `)) return null;
  const said = withoutCheckName(saidText(finding), finding);
  if (change === undefined) return said;
  const rest = withoutShares(withoutOwnReference(said), change);
  // What is left of words that said shares alone is which window they were of.
  return rest === '' || rest.startsWith(', in the window') ? null : rest;
}

/** One finding in parts: what the check says of it, how large it is, and what else a rendering adds. */
export function findingParts(finding: Finding, ...more: readonly (string | null)[]): readonly string[] {
  return [beyondSize(finding), sizeText(finding), ...more].filter((part) => part !== null);
}

/**
 * What a case is about in one line, without when: the title, from what to what with its size over all windows, and what the check says beyond that while one window is all there is. The
 * `summary` of every message is this.
 */
export function summaryText(briefing: Briefing, leading: Finding): string {
  const claim = briefing.cause?.claim;
  const facts = factsOfLead(briefing, leading).join('; ');
  return claim === undefined ? `${leadOf(briefing)}: ${facts}` : `${claim}; ${facts.replace(`${claim}; `, '')}`; // prettier-ignore
}

/** The facts of the leading finding that stand in a headline; what one window of several said is none, it stands with the finding. */
function factsOfLead(briefing: Briefing | undefined, leading: Finding): readonly string[] {
  const named = namedNumbers(briefing, leading);
  if (isSentence(leading.check)) return [`${named}${withoutCheckName(leading.explanation, leading)}`];
  const isOfMany = leading.saidOf !== undefined && (leading.seen?.windows ?? 1) > 1;
  const said = isOfMany ? null : beyondSize(leading);
  const [first, ...rest] = leading.change === undefined ? [said, changedText(leading)] : [changedText(leading), said]; // prettier-ignore
  const facts = [first, ...rest].filter((one) => one !== undefined && one !== null);
  return facts.map((fact, i) => (i === 0 ? `${named}${fact}` : fact));
}

/** What stands after the title of a case and does not repeat it: from what to what, what the check says beyond that, since when; of one that is over, how it ended. */
export function leadText(message: CaseMessage): string {
  const { summary, briefing, since, state } = message;
  const leading = message.findings[0];
  const title = briefing ? leadOf(briefing) : '';
  const plain = title === '' ? summary : summary.replace(`${title}: `, '');
  if (state === 'CLOSED' || message.purpose === 'reopened' || !leading) return plain;
  // Of a silence its beginning is what there is to say.
  const isSaid = leading.check === 'freshness';
  const known = since === null || isSaid ? [] : [`since ${utcText(new Date(since))}`];
  return [...factsOfLead(briefing, leading), ...known].join('; ');
}

/** What the window showed that was told last. */
export function windowText({ check, statistic, value, effect, n }: Finding): string {
  if (value === null && effect === null) return 'no number';
  const now = value === null ? 'not computed' : valueText(check, statistic, value);
  const size = effect === null ? '' : ` (${effectText(check, statistic, effect)})`;
  const rows = n === null ? '' : ` on ${countText(n)} rows`;
  return `${statisticText(statistic)} ${now}${size}${rows}`;
}

function sinceText({ since, briefing }: CaseMessage): string {
  const ended = briefing?.ended;
  if (!ended) return since === null ? 'unknown' : utcText(new Date(since));
  const from = since === null ? 'unknown' : minuteText(new Date(since));
  return `${from} to ${utcText(new Date(ended.at))}, for ${spanText(1000 * ended.lastedSeconds)}`;
}

/** `3 findings, 2026-11-13 06:00 to 2026-11-22 08:00 UTC, for 9 d`, of a case that was over in between of those since then, and of how many; null where the period of the leading one is all there is. */
function wholeOf({ briefing, total }: CaseMessage): Fact | null {
  if (!briefing?.whole) return null;
  const { from, to, findings } = briefing.whole;
  const isAll = findings >= total;
  const lasted = spanText(Date.parse(to) - Date.parse(from));
  return [
    isAll ? 'Whole case' : 'Since it was open',
    `${findings}${isAll ? '' : ` of ${total}`} findings, ${minuteText(new Date(from))} to ${utcText(new Date(to))}, for ${lasted}`,
  ];
}

function costName({ state }: CaseMessage): string {
  return state === 'CLOSED' ? 'Cost' : 'Cost so far';
}

function touchesText(message: CaseMessage): string {
  const { model, version, owner, briefing } = message;
  const also = alsoTouchedText(message);
  const own = touchedText({ model, version, owner, ...(briefing ? { tier: briefing.tier, decisions: briefing.decisions } : {}) });
  return `${own}${also === '' ? '' : `; by the same source also ${also}`}`;
} // prettier-ignore

/** Severity as a heading says it; what has ended is not critical any more. */
export function headWord(message: CaseMessage): string {
  if (message.state === 'CLOSED') return 'OVER';
  // What waits is as severe as it is, whatever else somebody has taken on.
  if (message.call) return `${CALLS[message.call.kind]}, ${(message.call.severity ?? message.severity).toUpperCase()}`; // prettier-ignore
  return isBack(message) ? `BACK, ${message.severity.toUpperCase()}` : message.severity.toUpperCase(); // prettier-ignore
}

const CALLS = { escalated: 'ESCALATED', reminded: 'REMINDER' } as const;

/** How a finding stands: `open`, `over`, `open, silenced`. */
export function standText({ state, quiet }: Finding): string {
  const how = state === 'CLOSED' ? 'over' : state.toLowerCase();
  return quiet === undefined ? how : `${how}, ${quiet}`;
}

import { changeOf } from './change-text.js';
import { mixIn, toldExtent } from './course-stretch.js';
import type { CheckName } from './check-result.js';
import type { Incident } from './incident.js';
import { featureText } from './feature-text.js';
import { OUTPUT_NAMES } from './profile.js';
import { changeExtentText, extentText } from './incident-facts.js';
import { minuteText, spanText, utcText, words } from './wording.js';

/** What a finding of a check says about its feature, or about the model. */
const SAYS: Readonly<Record<CheckName, string>> = {
  feature_drift: 'has moved',
  output_drift: 'has moved',
  null_rate: 'has other nulls than usual',
  new_category: 'has values never seen before',
  out_of_range: 'is out of its range',
  type_mismatch: 'has changed its type',
  unknown_feature: 'is a feature nobody knows',
  volume: 'traffic has changed',
  performance: 'answers have become worse',
  concept_drift: 'errors have changed',
  estimated_performance: 'answers are expected to be worse',
  service: 'calls fail or take longer',
  fairness: 'is treated differently',
  multivariate: 'inputs have changed together',
  attribution_drift: 'counts differently in decisions',
  group_errors: 'is answered worse than others',
  segment_drift: 'a part of the traffic has changed',
  segment_performance: 'a part of the traffic is answered worse',
  pair_rule: 'breaks a rule',
  expectation: 'is not what somebody expects',
  format: 'is written differently',
  stuck: 'is stuck',
  duplicates: 'rows repeat',
  freshness: 'no predictions arrive',
  monitoring: 'cannot be judged',
  unmatched_labels: 'labels do not match',
  label_delay: 'labels come later than they did, or not at all',
  event_time: 'event times are off',
};

/** What is told of a model as a whole in whole sentences, of which no window is the subject. */
const SENTENCES: ReadonlySet<string> = new Set<CheckName>([
  'freshness',
  'monitoring',
  'unmatched_labels',
  'label_delay',
  'event_time',
]);

/** Whether a check says in a sentence all there is to say, over all windows. */
export function isSentence(check: string): boolean {
  return SENTENCES.has(check);
}

/** What a part of the traffic shows where it is no other data: what becomes of its calls. */
const CALLS_OF_PART: Readonly<Record<string, string>> = {
  slow_calls: 'calls of a part of the traffic take longer',
  failures: 'more calls of a part of the traffic fail',
};

/** What one finding is about, in a few words: `age [channel=web] has moved`. */
export function findingTitle({ signal, course }: Pick<Incident, 'signal' | 'course'>): string {
  const segment = signal.segment === '' ? '' : ` [${signal.segment}]`;
  const { statistic, size } = toldExtent(course);
  const isWorse = signal.check === 'concept_drift' && size > 0;
  const ofCalls = signal.check === 'segment_drift' && size > 0 ? CALLS_OF_PART[statistic] : undefined;
  const says =
    ofCalls ??
    (signal.check === 'null_rate' ? nullsText(size) : SAYS[isWorse ? 'performance' : signal.check]);
  return signal.feature === null ? `${says}${segment}` : `${featureText(signal.feature)}${segment} ${says}`;
}

/** Values that are missing, and values that are there where there were none, are looked for in different places. */
function nullsText(size: number): string {
  if (size === 0) return SAYS.null_rate;
  return size > 0 ? 'has more nulls than usual' : 'has fewer nulls than usual';
}

type Told = Pick<Incident, 'signal' | 'summary' | 'readAs' | 'course' | 'saidOf' | 'saidFrom' | 'statistic' | 'value' | 'effect'> & Partial<Pick<Incident, 'state'>>; // prettier-ignore

/**
 * One line about an incident: what it is about and how bad it is over all its windows, from the facts that pages and messages show beside it. While
 * one window is all there is, the words of the check about that window, which say the most.
 */
export function headlineOf(incident: Told): string {
  if (!isOfOneWindow(incident)) return wholeText(incident);
  const { signal, summary } = incident;
  const rest = withoutOwnSize(incident);
  return rest === summary
    ? saidOfWindow(incident)
    : `${wholeText(incident)}; ${inPlainNames(withoutCheckName(rest, signal))}`;
}

function wholeText(incident: Told): string {
  const { signal, course } = incident;
  const change = plainChange(incident);
  const extent =
    change === null ? extentText(signal.check, course) : changeExtentText(signal.check, course, change);
  return `${findingTitle(incident)}: ${extent}`;
}

/** From what to what, as far as the numbers of the check tell it alone; null where they do not. */
function plainChange(incident: Told): string | null {
  return changeOf(incident, NOBODY_KNOWS);
}

const NOBODY_KNOWS = { usual: () => null, shares: () => null, rowShare: () => null };

/** The words of the check about one window, after its name; what a model answers is called what people call it. */
export function saidOfWindow({
  signal,
  summary,
  course,
  state,
}: Pick<Incident, 'signal' | 'summary' | 'course'> & Partial<Pick<Incident, 'state'>>): string {
  const { feature } = signal;
  if (signal.check === 'freshness') return silenceSaid(summary, course, state);
  if (feature === null || featureText(feature) === feature) return inPlainNames(summary);
  const said = withoutCheckName(summary, signal);
  return inPlainNames(said === summary ? summary : `${findingTitle({ signal, course })}: ${said}`);
}

/** Words of a check in which what a model answers stands beside features: `the score moved too`. */
function inPlainNames(said: string): string {
  return OUTPUT_NAMES.reduce(
    (text, name) => text.replaceAll(new RegExp(`(?<=; |, )${name.replace('.', String.raw`\.`)}(?=, | moved too)`, 'gu'), featureText(name)),
    said,
  );
} // prettier-ignore

/** Since when a stream is silent, or how long it had been when that was found. */
const SILENT = /no predictions (?:for|since) [^;]+/u;

/** Nobody knows how long a message lies before it is read: what goes on is told by its beginning, and by its length once there are rows again. */
function silenceSaid(summary: string, { onset, lastAt }: Told['course'], state: Told['state']): string {
  const isOver = state === 'RECOVERING' || state === 'CLOSED';
  const lasted = isOver
    ? `for ${spanText(lastAt.getTime() - onset.getTime())} from ${minuteText(onset)} UTC on`
    : `since ${minuteText(onset)} UTC`;
  return summary.replace(SILENT, `no predictions ${lasted}`);
}

/** What the check said of one window, and which: `values × 1.33, in the window to 2026-11-12 15:00 UTC`; null where the headline says it. */
export function windowWords(incident: Told): string | null {
  if (isOfOneWindow(incident)) return null;
  if (isBareSize(incident)) return null;
  const { signal, saidOf, saidFrom } = incident;
  const text = inPlainNames(withoutCheckName(withoutOwnSize(incident), signal));
  return saidOf ? `${text}, ${inWindows(saidOf, saidFrom)}` : text;
}

/** `in the window to 2026-11-12 15:00 UTC`; of several that were put together, from when: `in the windows 2026-11-12 09:00 to 2026-11-12 15:00 UTC`. */
export function inWindows(to: Date, from: Date | undefined): string {
  return `in the ${from ? `windows ${minuteText(from)}` : 'window'} to ${utcText(to)}`;
}

/** The words of a check after its name and what it is about: `values × 1.33`. */
export function withoutCheckName(
  said: string,
  {
    check,
    feature,
    segment,
  }: { readonly check: string; readonly feature: string | null; readonly segment: string },
): string {
  const about = feature ?? (segment === '' ? null : segment);
  const prefix = `${words(check)}${about === null ? '' : ` of ${about}`}: `;
  const title = feature === null ? '' : featureText(feature);
  if (title !== feature && title !== '' && said.startsWith(title)) return said.slice(said.indexOf(': ') + 2);
  return said.startsWith(prefix) ? said.slice(prefix.length) : said;
}

function isOfOneWindow(incident: Told): boolean {
  const { signal, course } = incident;
  if (isSentence(signal.check)) return true;
  return course.windows <= 1 && course.earlier === null && !isBareSize(incident);
}

/** How a check says how large a change is in its window, and nothing else. */
const SIZES = [
  String.raw`values are (?:higher|lower) by \S+ reference standard deviations`,
  String.raw`spread × \S+ of what is usual`,
  String.raw`(?:a large|a medium|a small|hardly any) change of shape \(Cohen's w \S+\)`,
  // As it was said before.
  String.raw`the shape of the distribution changed \(effect size \S+\)`,
].join('|');
const BARE = new RegExp(`: (?:${SIZES})$`, 'u');
const SIZE_FIRST = new RegExp(`(?<=: )(?:${SIZES}); `, 'u');
/** What it is and what it was before, or was expected to be: `"web" make up 30 %, 12 % before`, `error rate 0.75, 0.239 expected`. */
const FROM_TO = /: [^:]*\d[^:]*, \S+(?: %)? (?:before|expected|expected at this time)$/u;

/** Whether the check says of its window only how large the change is there, which stands over all windows beside it: one change has one size. */
export function isBareSize(incident: Omit<Told, 'saidOf' | 'saidFrom'>): boolean {
  const { summary, course, signal } = incident;
  const { weight } = toldExtent(course);
  if (weight <= 0) return false;
  if (BARE.test(summary)) return true;
  const isTold = plainChange(incident) !== null || mixIn(signal.check, course).length > 0;
  return isTold && FROM_TO.test(summary);
}

/**
 * The words of a check about its window without how large the change is there: that is read off the bins of the reference, which see no farther than those, while all windows beside it may be told by their true
 * mean. One change has one size.
 */
export function withoutOwnSize({ summary, course }: Pick<Incident, 'summary' | 'course'>): string {
  return toldExtent(course).weight > 0 ? summary.replace(SIZE_FIRST, '') : summary;
}

import type { CheckName } from '../domain/check-result.js';
import { groupBy } from '../domain/group-by.js';
import { SEVERITIES, type Incident } from '../domain/incident.js';
import { toldExtent } from '../domain/course-stretch.js';
import { isByDay, statisticUnit, type StatisticUnit } from '../domain/statistic-text.js';
import type { CaseSubject } from './case-subject.js';
import { toldByPart } from './told-by-part.js';

/** What comes before what on the way from rows to harm: what arrives, what is in it, what the model makes of it, how well, and for whom. */
const STEPS: readonly (readonly CheckName[])[] = [
  ['freshness', 'volume', 'service'],
  ['type_mismatch', 'null_rate', 'stuck', 'format', 'new_category', 'unknown_feature', 'out_of_range'],
  [
    'feature_drift',
    'pair_rule',
    'expectation',
    'duplicates',
    'event_time',
    'unmatched_labels',
    'label_delay',
  ],
  ['multivariate', 'attribution_drift'],
  ['output_drift'],
  ['performance', 'concept_drift', 'estimated_performance'],
];

/** Of what is in the rows. */
const IN_THE_ROWS = 1;

/** Effects of different units beside each other: so much of each is about a standard deviation. */
const AS_LARGE: Readonly<Record<StatisticUnit, number>> = { sd: 1, spread: 1, w: 1, share: 25, windows: 25, difference: 0.25, count: 50, seconds: Infinity, none: 1 }; // prettier-ignore

/** What is asked for beside the findings. */
interface Asked {
  /** What must lead, being what a message goes out for. */
  readonly urgent?: ReadonlySet<string>;
  /** What the message before was led by. */
  readonly led?: string | undefined;
}

/**
 * Findings of a case as a person wants to read them: urgent news first, causes before what follows from them, a part of the traffic before the whole whose change is mostly there, then by
 * severity, harm that began before anything else, by the way from rows to harm, and by size weighted with the feature's importance. What differs in size alone is led by what has led (`led`), else by what was found first, until another is larger
 * by far; an input comes before the answers that moved with it or after it, were they more severe.
 */
export function rankFindings<One extends Incident>(
  members: readonly One[],
  importance: CaseSubject['importance'],
  { urgent = new Set(), led }: Asked = {},
): readonly One[] {
  // Looked at once each: a storm has thousands.
  const before = firstOther(members);
  const placed = toldByPart(members, led);
  const carried = groupBy([...placed.keys()], (whole) => placed.get(whole));
  const ranked = members.map((one) => {
    const place = { isPlaced: placed.has(one), wholes: carried.get(one) ?? [] };
    return { one, rank: rankOf(one, { importance, urgent, before, ...place }) };
  });
  const sorted = ranked.toSorted((a, b) => {
    const place = a.rank.findIndex((value, i) => value !== b.rank[i]);
    return place < 0 ? a.one.key.localeCompare(b.one.key, 'en') : (a.rank[place] ?? 0) - (b.rank[place] ?? 0);
  });
  const [first] = sorted;
  if (!first) return [];
  // What differs in size alone from the first.
  const alike = sorted.filter(({ rank }) =>
    rank.every((value, i) => i === rank.length - 1 || value === first.rank[i]),
  );
  const lead =
    steadiest(
      alike.map(({ one }) => one),
      importance,
      led,
    ) ?? first.one;
  return inputsFirst([lead, ...sorted.flatMap(({ one }) => (one === lead ? [] : [one]))]);
}

/** What leads goes on to lead until something else is so many times as large. */
const LOUDER = 1.5;

/** Of findings that differ in size alone the one that has led, else the one found first, unless another is larger by far: sizes change with every window, and what leads does not for that. */
function steadiest<One extends Incident>(
  alike: readonly One[],
  importance: CaseSubject['importance'],
  led: string | undefined,
): One | undefined {
  const [first, ...later] = alike.toSorted(
    (a, b) =>
      Number(b.id === led) - Number(a.id === led) ||
      a.course.foundAt.getTime() - b.course.foundAt.getTime() ||
      saidLoudness(b, importance) - saidLoudness(a, importance) ||
      a.key.localeCompare(b.key, 'en'),
  );
  return later.reduce(
    (lead, one) => (lead && loudness(one, importance) > LOUDER * loudness(lead, importance) ? one : lead),
    first,
  );
}

/** What a model answers, and what that lets expect, follows from what it is given. */
const OF_ANSWERS: ReadonlySet<CheckName> = new Set(['output_drift', 'estimated_performance']);

/** The same order with inputs before the answers that follow from them, whichever of them a message goes out for. */
function inputsFirst<One extends Incident>(ranked: readonly One[]): readonly One[] {
  if (!ranked.some(({ signal }) => OF_ANSWERS.has(signal.check))) return ranked;
  const placed = new Set<One>();
  for (const one of ranked) {
    const isCause = (cause: One) => isInputBefore(cause, one);
    const isLed = !OF_ANSWERS.has(one.signal.check) || [...placed].some(isCause);
    const cause = isLed ? undefined : ranked.find(isCause);
    if (cause) placed.add(cause);
    placed.add(one);
  }
  return [...placed];
}

/** Whether an input that stands by itself had moved, or was at fault, when an answer moved, and was found no later. What somebody has taken on leads before nothing that waits. */
function isInputBefore(cause: Incident, { signal, course, acknowledgedBy }: Incident): boolean {
  const { signal: own, course: before } = cause;
  const isInput = own.check === 'feature_drift' || (own.feature !== null && stepOf(cause) === IN_THE_ROWS);
  if (!isInput || cause.explainedBy || cause.severity === 'info') return false;
  if (own.model !== signal.model || own.version !== signal.version) return false;
  if (cause.acknowledgedBy !== null && acknowledgedBy === null) return false;
  return before.onset <= course.onset || (before.foundAt <= course.foundAt && before.onset < course.foundAt);
}

/** Smaller comes first, the first that differs decides. */
function rankOf(
  incident: Incident,
  {
    importance,
    urgent,
    before,
    isPlaced,
    wholes,
  }: {
    readonly importance: CaseSubject['importance'];
    readonly urgent: ReadonlySet<string>;
    readonly before: First;
    /** Whether it is told by a part of the traffic, and what this is the part of. */
    readonly isPlaced: boolean;
    readonly wholes: readonly Incident[];
  },
): readonly number[] {
  // What is told by a part of the traffic lends it all its weight.
  const all = [incident, ...wholes];
  return [
    -Number(all.some(({ id }) => urgent.has(id))),
    Number(Boolean(incident.explainedBy)),
    -Math.max(...all.map(({ severity }) => SEVERITIES.indexOf(severity))),
    Math.min(...all.map((one) => (isHarmBefore(one, before) ? -1 : stepOf(one)))),
    Number(isPlaced),
    -loudness(incident, importance),
  ];
}

/** What labels say of the answers. */
const HARM: ReadonlySet<CheckName> = new Set(['performance', 'concept_drift']);

/** When the first of several began, and was found: event time, milliseconds. */
interface First {
  readonly onset: number;
  readonly foundAt: number;
}

/** Of what is no harm yet; never, where nothing is. */
function firstOther(members: readonly Incident[]): First {
  const others = members.filter(({ signal, explainedBy }) => !HARM.has(signal.check) && !explainedBy);
  return others.reduce(
    ({ onset, foundAt }, { course }) => ({
      onset: Math.min(onset, course.onset.getTime()),
      foundAt: Math.min(foundAt, course.foundAt.getTime()),
    }),
    { onset: Infinity, foundAt: Infinity },
  );
}

/** Answers that were wrong before anything else had moved are wrong for a reason of their own. */
function isHarmBefore({ signal, course }: Incident, { onset, foundAt }: First): boolean {
  return HARM.has(signal.check) && course.onset.getTime() < onset && course.foundAt.getTime() < foundAt;
}

function stepOf({ signal }: Incident): number {
  const step = STEPS.findIndex((checks) => checks.includes(signal.check));
  return step < 0 ? STEPS.length : step;
}

function loudness({ signal, course }: Incident, importance: CaseSubject['importance']): number {
  return weighed(signal, toldExtent(course), importance);
}

/** How loud the window was that was told last: it stays while sizes change. */
function saidLoudness(
  { signal, statistic, effect }: Incident,
  importance: CaseSubject['importance'],
): number {
  return weighed(signal, { statistic, size: effect ?? 0 }, importance);
}

function weighed(
  signal: Incident['signal'],
  { statistic, size }: { readonly statistic: string; readonly size: number },
  importance: CaseSubject['importance'],
): number {
  const weight = signal.feature === null ? 1 : (importance(signal.feature) ?? 1);
  const byDay = isByDay(statistic) ? 0.5 : 1;
  return (weight * byDay * Math.abs(size)) / AS_LARGE[statisticUnit(signal.check, statistic)];
}

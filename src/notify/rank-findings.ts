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

/** Effects of different units beside each other: so much of each is about a standard deviation. */
const AS_LARGE: Readonly<Record<StatisticUnit, number>> = { sd: 1, spread: 1, w: 1, share: 25, windows: 25, difference: 0.25, count: 50, seconds: Infinity, none: 1 }; // prettier-ignore

/**
 * Findings of a case as a person wants to read them: urgent news first, causes before what follows from them, a part of the traffic before the whole whose change is mostly there, then by
 * severity, harm that began before anything else, by the way from rows to harm, and by size weighted with the feature's importance.
 */
export function rankFindings<One extends Incident>(
  members: readonly One[],
  importance: CaseSubject['importance'],
  urgent: ReadonlySet<string> = new Set(),
): readonly One[] {
  // Looked at once each: a storm has thousands.
  const before = firstOther(members);
  const placed = toldByPart(members);
  const carried = groupBy([...placed.keys()], (whole) => placed.get(whole));
  const ranked = members.map((one) => {
    const place = { isPlaced: placed.has(one), wholes: carried.get(one) ?? [] };
    return { one, rank: rankOf(one, { importance, urgent, before, ...place }) };
  });
  return ranked
    .toSorted((a, b) => {
      const place = a.rank.findIndex((value, i) => value !== b.rank[i]);
      return place < 0
        ? a.one.key.localeCompare(b.one.key, 'en')
        : (a.rank[place] ?? 0) - (b.rank[place] ?? 0);
    })
    .map(({ one }) => one);
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
  const { statistic, size } = toldExtent(course);
  const weight = signal.feature === null ? 1 : (importance(signal.feature) ?? 1);
  const byDay = isByDay(statistic) ? 0.5 : 1;
  return (weight * byDay * Math.abs(size)) / AS_LARGE[statisticUnit(signal.check, statistic)];
}

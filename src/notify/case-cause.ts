import type { Briefing } from '../domain/case-message.js';
import { DATA_FAULTS, type CheckName } from '../domain/check-result.js';
import { findingTitle } from '../domain/incident-headline.js';
import type { Incident } from '../domain/incident.js';
import { convertedIn, convertedText, uncalibratedIn, uncalibratedText, type Converted } from '../domain/interpretation.js'; // prettier-ignore
import { featureText, isAnswer } from '../domain/feature-text.js';
import { OUTPUT, OUTPUT_NAMES } from '../domain/profile.js';
import { minuteText, namesWithin } from '../domain/wording.js';
import { trafficText, type TrafficShare } from '../domain/version-comparison.js';
import type { CaseSubject } from './case-subject.js';
import { sameInputs } from './same-inputs.js';

/** Changes whose beginnings lie within so many windows of each other began together. */
const TOGETHER_WINDOWS = 2;
/** Fewer inputs than this are not "all", however few a model has. */
const LEAST_INPUTS = 3;
/** All but a fifth: some features cannot show what is wrong with them. */
const NEARLY_ALL = 0.8;

type Cause = NonNullable<Briefing['cause']>;

/**
 * What probably brought the case about, from what began together with its leading finding: serving that never was like training, a new version or reference, a fault in the data of a
 * feature, all inputs at once, one feature behind others, or that what is right for the same inputs has changed. Null where nothing points anywhere. `members` are those the message is about, `all` those of the case: what began at once began so,
 * whatever of it is over.
 */
export function probableCause(
  leading: Incident,
  members: readonly Incident[],
  subject: CaseSubject,
  all: readonly Incident[] = members,
): Cause | null {
  const held = heldBackCause(leading, members, all);
  if (held) return held;
  const skew = skewOf(leading, members, subject);
  if (skew && isFirst(leading, subject)) return skew;
  const own =
    deployed(leading, subject) ??
    allInputs(leading, all, subject) ??
    converted(leading, members) ??
    faulty(leading, members, subject) ??
    uncalibrated(leading, members) ??
    scaledScores(leading, all) ??
    repinned(leading, subject) ??
    behind(leading, members) ??
    sameInputs(leading, subject);
  return own && skew ? { ...own, text: `${own.text}; beside it ${skew.text}` } : (own ?? skew);
}

/** Incidents of features of the same model whose change began when that of another one did. */
export function begunWith(
  leading: Incident,
  members: readonly Incident[],
  windowMs: number,
): readonly Incident[] {
  return members.filter(
    ({ signal, course }) =>
      signal.model === leading.signal.model &&
      signal.feature !== null &&
      isNear(course.onset, leading.course.onset, TOGETHER_WINDOWS * windowMs),
  );
}

/** Findings about what a model is given and answers; others can be off from the first row on for reasons of their own. */
const OF_GIVEN_AND_ANSWERED: ReadonlySet<CheckName> = new Set(['feature_drift', 'output_drift', 'multivariate', 'null_rate', 'new_category', 'out_of_range', 'type_mismatch', 'format', 'pair_rule']); // prettier-ignore
/** Characters of names in a sentence. */
const NAMES = 120;

/** Rows that differ from the training data in the first windows of all did not drift: they are made in another way, whatever else leads the case. */
function skewOf(leading: Incident, members: readonly Incident[], subject: CaseSubject): Cause | null {
  if (subject.servedSince === null) return null;
  const skewed = members.filter(
    (one) =>
      one.signal.model === leading.signal.model &&
      OF_GIVEN_AND_ANSWERED.has(one.signal.check) &&
      isFirst(one, subject),
  );
  if (skewed.length === 0) return null;
  const names = [...new Set(skewed.flatMap(({ signal }) => signal.feature ?? []))];
  // What a model is given makes what it answers.
  const inputs = names.filter((name) => !OUTPUT_NAMES.includes(name));
  const features = inputs.length > 0 ? inputs : names;
  const named = namesWithin(features.map(featureText), NAMES);
  const what = features.length === 0 ? 'rows differ' : `${named} differ${features.length === 1 ? 's' : ''}`;
  const text = `training–serving skew: ${what} from the training data since the first window that is held against it, so nothing has drifted; compare how both are made`;
  return { kind: 'training_serving_skew', text };
}

/** Whether it began with the first rows of the version, or with the reference that they are held against. */
function isFirst({ course }: Incident, { servedSince, pinnedAt, windowMs }: CaseSubject): boolean {
  const near = TOGETHER_WINDOWS * windowMs;
  return [servedSince, pinnedAt].some((first) => first !== null && isNear(course.onset, first, near));
}

/** Findings that scores which mean something else make: their own drift, and the losses and estimates that rest on them. */
const OF_SCORES: ReadonlySet<CheckName> = new Set(['output_drift', 'performance', 'concept_drift', 'estimated_performance']); // prettier-ignore

/** A model that ranks as well as it did and claims something else. */
function uncalibrated(leading: Incident, members: readonly Incident[]): Cause | null {
  if (!OF_SCORES.has(leading.signal.check)) return null;
  const own = members.filter(
    ({ signal }) => signal.model === leading.signal.model && OF_SCORES.has(signal.check),
  );
  const [found] = [leading, ...own].flatMap((one) => uncalibratedIn(one) ?? []);
  if (found === undefined) return null;
  const claim = uncalibratedText(found);
  return { kind: 'calibration', text: `${claim}; they rank the answers as well as before`, claim };
}

/** Scores that are multiplied alike while nothing that the model is given has moved, and it decides as before: no label has come, and what a score means has changed. */
function scaledScores(leading: Incident, all: readonly Incident[]): Cause | null {
  const found = convertedIn(leading);
  const { signal } = leading;
  if (found === null || signal.check !== 'output_drift' || signal.feature !== OUTPUT.score) return null;
  const own = all.filter((one) => one.signal.model === signal.model);
  const isOfScores = (one: Incident) =>
    OF_SCORES.has(one.signal.check) && one.signal.feature !== OUTPUT.label;
  if (!own.every(isOfScores)) return null;
  return {
    kind: 'calibration',
    text: `all scores are multiplied alike (${convertedText(found)}), and neither an input nor the mix of answers has moved: what a score claims is another thing than it was; labels will tell by how much`,
  };
}

function deployed(
  { signal, course }: Incident,
  { deployedAt, promotedAt, besideVersion, besideShare, windowMs }: CaseSubject,
): Cause | null {
  const near = (at: Date | null): at is Date =>
    at !== null && isNear(course.onset, at, TOGETHER_WINDOWS * windowMs);
  const began = (what: string, at: Date): Cause => ({
    kind: 'deployment',
    text: `it began when version ${signal.version} ${what}, at ${minuteText(at)} UTC`,
  });
  if (near(deployedAt) && besideVersion !== null) return beside(began('took its first part of the traffic', deployedAt), besideVersion, besideShare);
  if (near(deployedAt)) return began('answered for the first time', deployedAt);
  return near(promotedAt) ? began('came to answer for the model', promotedAt) : null;
} // prettier-ignore

/** A version beside the one that answers for the model differs from it: that has not drifted. */
function beside({ kind, text }: Cause, champion: string, share: TrafficShare | null): Cause {
  const said = share && trafficText(share);
  return { kind, text: `${text}${said === null ? '' : `, ${said}`}, beside version ${champion}, which answers for the model: the two differ, and what version ${champion} answers has not drifted by this; compare them` };
} // prettier-ignore

function allInputs(leading: Incident, members: readonly Incident[], subject: CaseSubject): Cause | null {
  const together = inputsTogether(leading, members, subject);
  if (together < LEAST_INPUTS || together < NEARLY_ALL * subject.inputs || subject.inputs === 0) return null;
  const text = `${together} of ${subject.inputs} inputs changed at once: look at what feeds the model, not at single features`;
  return { kind: 'all_inputs', text };
}

/** How many inputs changed when the leading finding began. */
export function inputsTogether(
  leading: Incident,
  members: readonly Incident[],
  { windowMs }: Pick<CaseSubject, 'windowMs'>,
): number {
  const begun = begunWith(leading, members, windowMs).map(({ signal }) => signal.feature ?? '');
  return new Set(begun.filter((feature) => !isAnswer(feature))).size;
}

/** What the leading finding follows from, where that is open and leads nothing because a silence or maintenance holds it back: what is told is not the cause. */
function heldBackCause(
  leading: Incident,
  members: readonly Incident[],
  all: readonly Incident[],
): Cause | null {
  const cause = all.find(({ id }) => id === leading.explainedBy);
  if (!cause || cause.state === 'CLOSED' || members.some(({ id }) => id === cause.id)) return null;
  const kind = cause.signal.feature === null ? 'upstream' : 'one_feature';
  return { kind, text: `it follows from another finding, which is silenced or in maintenance and still there: ${findingTitle(cause)}` }; // prettier-ignore
}

/** Values in another unit, where the leading finding or what it follows from says so. */
function converted(leading: Incident, members: readonly Incident[]): Cause | null {
  const isSame = ({ signal }: Incident) =>
    signal.model === leading.signal.model && signal.feature === leading.signal.feature;
  const own = [leading, ...members.filter(({ id }) => id === leading.explainedBy), ...members.filter(isSame)];
  for (const one of own) {
    const found = convertedIn(one);
    const { feature } = one.signal;
    if (found === null || feature === null || isAnswer(feature)) continue;
    const name = featureText(feature);
    const isKnown = found.units !== null;
    if (!isKnown && !isFar(found)) continue;
    const text = isKnown
      ? `${name} comes in another unit: values ${convertedText(found)}`
      : `all values of ${name} are multiplied alike (${found.change}): another unit or scale`;
    return { kind: 'unit', text };
  }
  return null;
}

/** A factor without a name that the world does not make within windows either: by a third more things may well cost. */
const FAR = 5;

function isFar({ factor }: Converted): boolean {
  return factor !== null && (factor >= FAR || (factor > 0 && factor <= 1 / FAR));
}

function faulty({ id, signal }: Incident, members: readonly Incident[], subject: CaseSubject): Cause | null {
  const silent = signal.check === 'freshness' || signal.check === 'volume';
  if (!silent && !DATA_FAULTS.has(signal.check)) return null;
  const explained = members.filter(({ explainedBy }) => explainedBy === id).length;
  const what = silent
    ? 'what sends the predictions'
    : `the data of ${signal.feature === null ? 'the model' : featureText(signal.feature)}${originText(signal, members, subject)}, before it reaches the model`;
  const also = explained === 0 ? '' : `; it explains ${explained} other ${plural(explained)}`;
  return { kind: 'upstream', text: `a fault in ${what}${also}` };
}

/** Where the data come from, and who else has trouble with that. */
function originText(
  { model, feature }: Incident['signal'],
  members: readonly Incident[],
  { source }: CaseSubject,
): string {
  const origin = feature === null ? null : source(feature);
  if (!origin) return '';
  const told = members.map(({ signal }) => signal.model).filter((one) => one !== model);
  const all = [...new Set([...origin.alsoAt, ...told])].sort();
  const models = namesWithin(all, NAMES);
  return ` from ${origin.name}${models === '' ? '' : ` (of which ${models} ${all.length === 1 ? 'has' : 'have'} faults too)`}`;
}

function repinned({ course }: Incident, { repinnedAt, windowMs }: CaseSubject): Cause | null {
  if (repinnedAt === null || !isNear(course.onset, repinnedAt, TOGETHER_WINDOWS * windowMs)) return null;
  return { kind: 'baseline', text: `it began when a new reference came into force, at ${minuteText(repinnedAt)} UTC` }; // prettier-ignore
}

function behind({ id, signal }: Incident, members: readonly Incident[]): Cause | null {
  const explained = members.filter(({ explainedBy }) => explainedBy === id).length;
  if (explained === 0 || signal.feature === null) return null;
  return {
    kind: 'one_feature',
    text: `${featureText(signal.feature)} explains ${explained} other ${plural(explained)}`,
  };
}

function plural(count: number): string {
  return count === 1 ? 'finding' : 'findings';
}

function isNear(a: Date, b: Date, ms: number): boolean {
  return Math.abs(a.getTime() - b.getTime()) <= ms;
}

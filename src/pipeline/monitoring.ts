import type { FittedBaseline } from '../checks/fitted-baseline.js';
import { armingWindows, type SeriesModel } from '../checks/series.js';
import type { Baseline } from '../domain/baseline.js';
import { ANSWERING, type Model } from '../domain/model.js';
import type { Monitoring } from '../domain/monitoring.js';
import { utcSpanText, utcText } from '../domain/wording.js';
import { misspeltEnvironmentText } from '../profiles/misspelt-environments.js';
import { misspeltText } from '../profiles/misspelt-text.js';
import { championOf } from '../registry/answering.js';
import {
  heldInForce,
  type ModelVersion,
  type PinnedBaseline,
  type RegisteredModel,
} from '../registry/registry.js';
import { labelLearningOf, learningText, type LabelLearning } from './learn-labels.js';
import { learningCourse, learningEndText, neverArmedText, windowsToLearn, type LearningCourse } from './learning-end.js'; // prettier-ignore
import type { ModelFault } from './model-faults.js';
import { isOfInputs } from './own-reference.js';
import { ownLook } from './own-references.js';
import { standingIn, standingsOf, type SeriesStanding } from './series-standings.js';
import { cameText, judgedLabelsText } from './judged-labels.js';
import { UNSAID } from './monitoring.repository.js';
import { modelStanding, type StandingParts } from './standing.js';
import type { Stages } from './stages.js';
import { butForSevere, unwatchedParts } from './unwatched.js';

export interface MonitoringFacts {
  readonly model: Model;
  readonly versions: readonly Pick<ModelVersion, 'version' | 'stage' | 'firstSeenAt' | 'declared'>[];
  /** Windows with rows since its learning began, judged or not frozen yet. */
  readonly windows: number;
  readonly baseline: Pick<Baseline, 'windows'> | null;
  /** How far its rows have come. */
  readonly course: LearningCourse;
  readonly fitted: Pick<FittedBaseline, 'series' | 'expectedFalseAlerts'> | null;
  /** Where performance is still to be learnt, how far that is; null where it is not. */
  readonly labels: LabelLearning | null;
  /** What came of labels while no window has any; null where nothing did. */
  readonly came: string | null;
  /** That labels say the positive class in a spelling that counts as negative, or rows name an environment in one that is another; null where they do not. */
  readonly misspelt: string | null;
  /** Why the reference could not be frozen; null while it could, or is not complete. */
  readonly problem: string | null;
  readonly faults: readonly Pick<ModelFault, 'step' | 'reason'>[];
  /** The reference in force, as it is recorded; null while there is none. */
  readonly pinned: Pick<PinnedBaseline, 'version' | 'source' | 'pinnedAt'> | null;
  /** How far the version that answers is from a reference of its own, and what is wrong with that; null where it has one or needs none. */
  readonly own: OwnProgress | null;
}

/** A version on its way to a reference of its own. */
export interface OwnProgress {
  readonly learnt: number;
  readonly needed: number;
  readonly problem: string | null;
}

/** How far a model is monitored. Pure. */
export function monitoringOf(facts: MonitoringFacts): Omit<Monitoring, 'labels'> {
  const counts = countsOf(facts);
  const { state, reason } = withMisspelt(standingOf(facts, counts), facts.misspelt);
  const expectedFalseAlerts = facts.fitted?.expectedFalseAlerts ?? null;
  return { state, reason, ...counts, expectedFalseAlerts, heldAgainst: heldAgainstText(facts) };
}

type Counts = Pick<Monitoring, 'windowsLearnt' | 'windowsNeeded' | 'armed' | 'learning' | 'tooFewWindows' | 'uncalibratable'>; // prettier-ignore
type Standing = Pick<Monitoring, 'state' | 'reason'>;

function countsOf({ model, windows, baseline, fitted, labels }: MonitoringFacts): Counts {
  const standings = fitted ? standingsOf(fitted.series) : null;
  const having = (standing: SeriesStanding) => standings?.get(standing) ?? 0;
  // Of performance that is learnt from labels later, nothing is short yet.
  const awaited = labels === null ? 0 : having('unlabelled');
  return {
    windowsLearnt: baseline ? baseline.windows.length : windows,
    windowsNeeded: baseline ? armingWindows(model.window) : windowsToLearn(model),
    armed: having('armed'),
    learning: having('waits') + awaited,
    tooFewWindows: having('short') + having('unlabelled') - awaited,
    uncalibratable: having('uncalibratable'),
  };
}

function standingOf(facts: MonitoringFacts, counts: Counts): Standing {
  return restOf(facts) ?? faultOf(facts) ?? learningOf(facts, counts) ?? judgingOf(facts, counts);
}

/** What is spelt wrong, however far everything else is judged. */
function withMisspelt({ state, reason }: Standing, misspelt: string | null): Standing {
  if (misspelt === null) return { state, reason };
  return {
    state: state === 'JUDGING' ? 'PARTLY' : state,
    reason: reason === null ? misspelt : `${reason}; ${misspelt}`,
  };
}

function restOf({ versions, windows }: MonitoringFacts): Standing | null {
  const seen = versions.filter(({ firstSeenAt }) => firstSeenAt !== null);
  if (seen.some(({ stage }) => ANSWERING.has(stage))) return null;
  const [suspended] = seen.filter(({ stage }) => stage === 'suspended');
  if (suspended)
    return { state: 'SUSPENDED', reason: `version ${suspended.version} is suspended and no other answers` };
  if (seen.length === 0 && windows === 0)
    return { state: 'NO_DATA', reason: 'no prediction of its environments has arrived' };
  const names = seen.map(({ version, stage }) => `${version} (${stage})`).join(', ');
  const awaited = championOf(versions);
  const place = awaited === null ? '' : `; version ${awaited}, announced as champion, has sent no row`;
  return { state: 'CANNOT_JUDGE', reason: `nobody is told: no version answers, there is ${names}${place}` };
}

/** Steps without which nothing is judged. */
const NEEDED: ReadonlySet<ModelFault['step']> = new Set(['summarise', 'reference', 'judge']);

function faultOf({ faults, problem, baseline }: MonitoringFacts): Standing | null {
  const [fault] = faults.filter(({ step }) => NEEDED.has(step));
  if (fault) return { state: 'CANNOT_JUDGE', reason: `${fault.step}: ${fault.reason}` };
  return problem !== null && !baseline
    ? { state: 'CANNOT_JUDGE', reason: `the reference could not be frozen: ${problem}` }
    : null;
}

function learningOf({ model, baseline, course }: MonitoringFacts, counts: Counts): Standing | null {
  if (baseline) return null;
  if (!model.baseline)
    return {
      state: 'CANNOT_JUDGE',
      reason: 'there is no reference: write baseline: { learn: 14d } into the model file, or pin one',
    };
  const { windowsLearnt, windowsNeeded } = counts;
  const never = neverArmedText(model);
  if (never !== null) return { state: 'CANNOT_JUDGE', reason: never };
  const end = learningEndText(model, course, windowsLearnt);
  return {
    state: 'LEARNING',
    reason: `${windowsLearnt} of ${windowsNeeded} windows of the reference are there${end === null ? '' : `; ${end}`}`,
  };
}

function judgingOf(facts: MonitoringFacts, counts: Counts): Standing {
  const { fitted, baseline, labels, came, model, pinned, own } = facts;
  const { armed, windowsLearnt } = counts;
  const series = fitted?.series ?? [];
  const judged = series.filter(({ status }) => JUDGED.has(status)).length;
  if (!baseline || judged === 0)
    return { state: 'CANNOT_JUDGE', reason: unarmedReason(model, windowsLearnt) };
  const late = series.filter((one) => labels !== null && standingIn(one) === 'unlabelled');
  const others = series.filter((one) => !late.includes(one));
  const parts = [
    ...(armed === 0 ? [`nobody is told of more than notices${butForSevere(series)}`] : []),
    ...unwatchedParts(others, { total: series.length, window: model.window }),
    ...(labels && late.length > 0 ? [learningText(labels, came)] : []),
    ...(own && isOfInputs(pinned?.source) ? [`what version ${pinned?.version ?? ''} answers is learnt from its own rows: ${own.learnt} of ${own.needed} windows`] : []),
  ]; // prettier-ignore
  return parts.length === 0
    ? { state: 'JUDGING', reason: null }
    : { state: 'PARTLY', reason: parts.join('; ') };
}

/** What is in force, by which rule, and what will take its place. */
function heldAgainstText({
  pinned,
  own,
  versions,
}: Pick<MonitoringFacts, 'pinned' | 'own' | 'versions'>): string | null {
  if (!pinned) return null;
  const { version, source, pinnedAt } = pinned;
  const champion = championOf(versions);
  const period =
    source && 'since' in source
      ? ` of ${utcSpanText(source.since, source.until)}${(source.exclude ?? []).length > 0 ? ' without faulty times' : ''}`
      : '';
  const next = own
    ? `; a reference of its own follows from its own rows (${own.learnt} of ${own.needed} windows)${own.problem === null ? '' : `: ${own.problem}`}`
    : '';
  if (version === null)
    return `${champion === null ? 'every version' : `version ${champion}`} is held against the reference of the model, pinned ${utcText(pinnedAt)}${next}`;
  const what = isOfInputs(source) ? 'what it was trained on' : 'a reference of its own';
  return `version ${version} is held against ${what}${period}${next}`;
}

/** With a law that says when they have moved, whoever is told of it. */
const JUDGED: ReadonlySet<SeriesModel['status']> = new Set(['armed', 'unseasoned', 'uncalibratable']);

function unarmedReason(model: Model, windows: number): string {
  if (windows === 0)
    return 'the reference has no event times: effect sizes are shown, and nothing can be judged';
  const needed = armingWindows(model.window);
  return windows < needed
    ? `the reference has ${windows} windows, and a series needs ${needed} with rows: pin a longer one`
    : `no series has rows enough in ${needed} of the ${windows} windows of the reference: pin a longer one`;
}

/**
 * The same of a running service; of a model that another process judges, what that one said last. `problems` are why references could not be
 * frozen, by model, and by model and version.
 */
export async function readMonitoring(
  stages: StandingParts &
    Pick<Stages, 'arrivals' | 'incidents' | 'monitoringSaid' | 'ownLooks' | 'retrainings'>,
  registered: RegisteredModel,
  problems: ReadonlyMap<string, string>,
): Promise<Monitoring> {
  const { references, replicas, monitoringSaid } = stages;
  const { model, versions } = registered;
  const held = heldInForce(registered);
  if (!replicas.holds(model.key)) {
    const said = (await monitoringSaid.newest()).get(model.key) ?? UNSAID;
    return { ...said, heldAgainst: heldAgainstText({ pinned: held.baseline, own: null, versions }) };
  }
  const reference = await references
    .of(held)
    // What cannot be read is a fault of the step that judges, and said as such.
    .catch(() => ({ baseline: null, fitted: null }));
  const course = learningCourse(stages, model);
  const windows = Math.max(0, judgedWindows(stages, model.key) - course.before);
  const { problem, faults } = modelStanding(stages, problems, model.key);
  const labels = labelLearningOf(stages, model, reference);
  const own = ownProgress(stages, registered, problems);
  const pinned = held.baseline;
  const misspelt = spellingsText(stages, model);
  const came = cameText(stages.arrivals.unplaced.of(model.key));
  const of = { model, versions, windows, course, ...reference, labels, came };
  const facts = { ...of, misspelt, problem, faults, pinned, own };
  return { ...monitoringOf(facts), labels: judgedLabelsText(stages, registered) ?? came };
}

/** What is spelt otherwise than the model file or the answers have it, and counts as something else, and answers that contradict themselves. */
function spellingsText({ arrivals }: Pick<Stages, 'arrivals'>, model: Model): string | null {
  const labels = misspeltText(model, arrivals.misspeltOf(model.key));
  const rows = misspeltEnvironmentText(model, arrivals.environmentsOf(model.key));
  const said = [labels, rows].flatMap((text) => text ?? []);
  return [...said, ...arrivals.doubtsOf(model.key)].join('; ') || null;
}

/** Windows with rows of the version that has most. */
function judgedWindows({ book }: Pick<Stages, 'book'>, model: string): number {
  const counts = book.versions(model).map((version) => book.judgedWindows(model, version, 'inputs'));
  return counts.reduce((most, count) => Math.max(most, count), 0);
}

function ownProgress(
  stages: Pick<Stages, 'retrainings' | 'ownLooks'>,
  registered: RegisteredModel,
  problems: ReadonlyMap<string, string>,
): OwnProgress | null {
  const version = championOf(registered.versions);
  const look = version === null ? null : ownLook(stages, registered, version);
  if (!look) return null;
  const { learnt, needed } = look;
  return { learnt, needed, problem: problems.get(`${registered.model.key}@${version}`) ?? null };
}

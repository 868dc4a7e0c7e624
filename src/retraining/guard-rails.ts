import { durationText } from '../domain/duration.js';
import type { Incident } from '../domain/incident.js';
import type { RetrainSettings } from './guards.js';
import type { GuardFinding } from './retraining.js';
import type { Retrainings } from './retrainings.js';

/** Checks whose breach says that the data are broken: a model trained on them would learn the fault. Not that nothing came: rows that are not there teach nothing, and those after it are whole. */
const FAULTS_OF_TRAINING_DATA: ReadonlySet<string> = new Set([
  'null_rate',
  'type_mismatch',
  'unknown_feature',
  'volume',
  'pair_rule',
  'format',
  'stuck',
  'duplicates',
]);

/** Everything a guard rail may ask. */
export interface GuardFacts {
  readonly model: string;
  readonly paused: boolean;
  readonly settings: RetrainSettings | null;
  readonly state: Retrainings;
  /** Incidents of the model that are not closed. */
  readonly open: readonly Incident[];
  /** Labelled rows since the last run; null when nobody counted. */
  readonly newLabels: number | null;
  /** Runs in a row without effect, the one just judged included. */
  readonly futileRuns: number;
  readonly now: Date;
}

type Settled = GuardFacts & { readonly settings: RetrainSettings };
/** Why a request must stop, and when it need not any more, where time alone decides. */
interface Stop {
  readonly detail: string;
  readonly dueAt: Date | null;
}
type Guard = (facts: Settled) => Stop | null;

/** Guard rails that let the same request pass later: by time, by new labels, by the end of a pause, of a fault or of another run. */
const HEALING: ReadonlySet<string> = new Set([
  'paused',
  'data_fault',
  'in_flight',
  'not_sooner_than',
  'budget',
  'labels',
]);

/** Whether waiting can change what this guard rail says. */
export function heals({ guard }: GuardFinding): boolean {
  return HEALING.has(guard);
}

const GUARDS: readonly (readonly [name: string, guard: Guard])[] = [
  ['paused', ({ paused }) => (paused ? stop('retraining is paused for every model') : null)],
  ['data_fault', ({ open }) => dataFault(open)],
  ['in_flight', ({ state, model }) => inFlight(state, model)],
  ['futility', ({ futileRuns, settings }) => futility(futileRuns, settings)],
  [
    'not_sooner_than',
    ({ state, model, settings, now }) => tooSoon(state.lastFinishedAt(model), settings, now),
  ],
  ['budget', overBudget],
  [
    'labels',
    ({ newLabels, settings, state, model }) =>
      noLabelYet(newLabels, state.lastTrainedAt(model)) ?? tooFewLabels(newLabels, settings),
  ],
];

/** Every guard rail and what it found, in order; the first with a detail is the reason why nothing is asked for now. */
export function askGuards(facts: GuardFacts): readonly GuardFinding[] {
  const { settings } = facts;
  if (settings === null) {
    const detail = `no retraining is set up for ${facts.model} or for *`;
    return [{ guard: 'not_configured', detail, dueAt: null }];
  }
  return GUARDS.map(([guard, find]) => {
    const found = find({ ...facts, settings });
    return { guard, detail: found?.detail ?? null, dueAt: found?.dueAt?.toISOString() ?? null };
  });
}

function stop(detail: string, dueAt: Date | null = null): Stop {
  return { detail, dueAt };
}

function dataFault(open: readonly Incident[]): Stop | null {
  const fault = open.find((incident) => incident.state !== 'CLOSED' && isFault(incident));
  return fault ? stop(`the data are faulty: ${fault.summary}`) : null;
}

/** More rows than usual are no fault, and what only informs never holds up a training. */
export function isFault({ signal, severity, effect }: Incident): boolean {
  if (!FAULTS_OF_TRAINING_DATA.has(signal.check) || severity === 'info') return false;
  return signal.check !== 'volume' || (effect ?? -1) < 0;
}

function inFlight(state: Retrainings, model: string): Stop | null {
  const run = state.inFlight(model);
  // Without the state that the run is in now: this is said for as long as it goes on.
  return run ? stop(`run ${run.id} has not ended`) : null;
}

function futility(runs: number, { futileRuns }: RetrainSettings): Stop | null {
  return runs >= futileRuns
    ? stop(`${runs} runs in a row left their cause in place: a person must look`)
    : null;
}

function tooSoon(last: Date | null, { notSoonerThan }: RetrainSettings, now: Date): Stop | null {
  if (last === null || now.getTime() - last.getTime() >= notSoonerThan) return null;
  const detail = `the last run ended ${last.toISOString()}, less than ${durationText(notSoonerThan)} ago`;
  return stop(detail, new Date(last.getTime() + notSoonerThan));
}

function overBudget({ state, model, settings, now }: Settled): Stop | null {
  const { runs, per } = settings.budget;
  const used = state.requestedSince(model, new Date(now.getTime() - per));
  const leaves = used[used.length - runs];
  if (!leaves) return null;
  const detail = `${used.length} of ${runs} runs in ${durationText(per)} are used`;
  return stop(detail, new Date(leaves.getTime() + per));
}

/** What was never trained here has nothing but these labels to learn from. */
function noLabelYet(labels: number | null, lastTrainedAt: Date | null): Stop | null {
  return lastTrainedAt === null && labels === 0
    ? stop('no label has come yet, and a job can learn from nothing else')
    : null;
}

function tooFewLabels(labels: number | null, { minLabels }: RetrainSettings): Stop | null {
  if (minLabels === 0) return null;
  if (labels === null) return stop(`new labels are not counted yet, and ${minLabels} are wanted`);
  return labels < minLabels ? stop(`${labels} new labels, but ${minLabels} are wanted`) : null;
}

import { durationText } from '../domain/duration.js';
import type { Incident } from '../domain/incident.js';
import type { RetrainSettings } from './guards.js';
import type { GuardFinding } from './retraining.js';
import type { Retrainings } from './retrainings.js';

/** Checks whose breach says that the data are broken: a model trained on them would learn the fault. */
const DATA_FAULTS: ReadonlySet<string> = new Set([
  'null_rate',
  'type_mismatch',
  'unknown_feature',
  'volume',
  'pair_rule',
  'format',
  'stuck',
  'duplicates',
  'freshness',
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
type Guard = (facts: Settled) => string | null;

const GUARDS: readonly (readonly [name: string, guard: Guard])[] = [
  ['paused', ({ paused }) => (paused ? 'retraining is paused for every model' : null)],
  ['data_fault', ({ open }) => dataFault(open)],
  ['in_flight', ({ state, model }) => inFlight(state, model)],
  ['futility', ({ futileRuns, settings }) => futility(futileRuns, settings)],
  [
    'not_sooner_than',
    ({ state, model, settings, now }) => tooSoon(state.lastFinishedAt(model), settings, now),
  ],
  ['budget', overBudget],
  ['labels', ({ newLabels, settings }) => tooFewLabels(newLabels, settings)],
];

/** Every guard rail and what it found, in order; the first with a detail is the reason of a refusal. */
export function askGuards(facts: GuardFacts): readonly GuardFinding[] {
  const { settings } = facts;
  if (settings === null) {
    return [{ guard: 'not_configured', detail: `no retraining is set up for ${facts.model} or for *` }];
  }
  return GUARDS.map(([guard, find]) => ({ guard, detail: find({ ...facts, settings }) }));
}

function dataFault(open: readonly Incident[]): string | null {
  const fault = open.find(({ signal, state }) => state !== 'CLOSED' && DATA_FAULTS.has(signal.check));
  return fault ? `the data are faulty: ${fault.summary}` : null;
}

function inFlight(state: Retrainings, model: string): string | null {
  const run = state.inFlight(model);
  return run ? `run ${run.id} is ${run.state}` : null;
}

function futility(runs: number, { futileRuns }: RetrainSettings): string | null {
  return runs >= futileRuns ? `${runs} runs in a row left their cause in place: a person must look` : null;
}

function tooSoon(last: Date | null, { notSoonerThan }: RetrainSettings, now: Date): string | null {
  if (last === null || now.getTime() - last.getTime() >= notSoonerThan) return null;
  return `the last run ended ${last.toISOString()}, less than ${durationText(notSoonerThan)} ago`;
}

function overBudget({ state, model, settings, now }: Settled): string | null {
  const { runs, per } = settings.budget;
  const used = state.requestedSince(model, new Date(now.getTime() - per));
  return used >= runs ? `${used} of ${runs} runs in ${durationText(per)} are used` : null;
}

function tooFewLabels(labels: number | null, { minLabels }: RetrainSettings): string | null {
  if (minLabels === 0) return null;
  if (labels === null) return `new labels were not counted, but ${minLabels} are wanted`;
  return labels < minLabels ? `${labels} new labels, but ${minLabels} are wanted` : null;
}

import type { RetrainContext } from './ask.js';
import { askGuards, heals } from './guard-rails.js';
import { settingsOf } from './guards.js';
import { words } from '../domain/wording.js';
import { lastWord } from './last-word.js';
import type { GuardFinding, Retraining } from './retraining.js';
import type { Retrainings } from './retrainings.js';
import { shownState } from './shown-state.js';

/** Why nothing is trained now, and what a training that is asked for now would meet. */
export interface TrainingOutlook {
  readonly reason: string;
  readonly guards: readonly GuardFinding[];
  /** Runs in a row that left their cause in place. */
  readonly futileRuns: number;
}

/** What stands between a model and its next training, in the order in which it is decided. Pure. */
export function trainingOutlook(state: Retrainings, context: RetrainContext, now: Date): TrainingOutlook {
  const { key: model } = context.model;
  const settings = settingsOf(context.guards, model);
  const futileRuns = state.futileRuns(model);
  const { open, newLabels } = context;
  const { paused } = context.guards;
  const guards = askGuards({ model, paused, settings, state, open, newLabels, futileRuns, now });
  return { reason: reasonOf(state, context, guards), guards, futileRuns };
}

function underWay(state: Retrainings, run: Retraining): string {
  const story = state.story(run.id);
  const [name, word] = story ? [shownState(story, run), lastWord(story, run)] : [run.state, null];
  return `run ${run.id} is ${words(name.toLowerCase())}${word === null ? '' : `: ${word}`}`;
}

function reasonOf(
  state: Retrainings,
  { model, guards, open }: RetrainContext,
  found: readonly GuardFinding[],
): string {
  const running = state.inFlight(model.key);
  if (running) return underWay(state, running);
  const stop = found.find(({ detail }) => detail !== null);
  // What stops it now may be another thing than when that was recorded.
  const waiting = state.deferralOf(model.key);
  if (waiting)
    return `a training is put off: ${stop?.detail ?? waiting.reason}${stop?.dueAt ? `, until ${stop.dueAt}` : ''}`;
  if (stop) return `a training would be ${heals(stop) ? 'put off' : 'refused'} now: ${stop.detail ?? ''}`;
  const mode = settingsOf(guards, model.key)?.mode;
  if (mode === 'observe' || mode === 'recommend')
    return `the mode is ${mode}: incidents and the schedule only advise; a person may ask`;
  if (open.some(({ retrain, state: incident }) => retrain && incident !== 'CLOSED'))
    return 'nothing stands in the way: the open incidents asked before, and that decision is in the list';
  return 'nothing asked: no incident of a rule with retrain: true is open, and no schedule is due';
}

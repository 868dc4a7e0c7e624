import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import { riskTier, type Model } from '../domain/model.js';
import { isSamePerson } from '../domain/person.js';
import { demandReason, RetrainingRefusal, type Word } from './by-hand.js';
import { RETRAINING_SUBJECT, type Retraining } from './retraining.js';
import type { Retrainings } from './retrainings.js';

/** What follows when a new version is surely better: nothing but advice, a proposal that waits for a person, or that it takes over. */
export function promotionStep(
  wanted: 'advise' | 'approve' | 'auto',
  risk: Model['risk'],
): 'advise' | 'propose' | 'promote' {
  if (wanted === 'advise') return 'advise';
  return wanted === 'auto' && riskTier(risk) !== 'HIGH' ? 'promote' : 'propose';
}

/** That a better version waits for a person's yes. */
export function promotionProposed({ id, model, newVersion }: Retraining, at: Date): NewEntry {
  const data = { model, version: newVersion };
  return { action: 'retraining.promotion_proposed', actor: SYSTEM, at, subject: subjectOf(id), data };
}

/** A person's yes to the version that a run made. Throws RetrainingRefusal when no promotion of that run waits. */
export function approvePromotion(
  state: Retrainings,
  { id, note, actor }: Word,
  now: Date,
): readonly NewEntry[] {
  const run = waiting(state, id);
  const data = { model: run.model, version: run.newVersion, note };
  return [{ action: 'retraining.promotion_approved', actor, at: now, subject: subjectOf(id), data }];
}

/** A person's no to the version that a run made; it stays what it is. Throws RetrainingRefusal when none waits, or no reason is given. */
export function declinePromotion(
  state: Retrainings,
  { id, note, actor }: Word,
  now: Date,
): readonly NewEntry[] {
  const run = waiting(state, id);
  demandReason(note, 'note');
  const data = { model: run.model, version: run.newVersion, note };
  return [{ action: 'retraining.promotion_declined', actor, at: now, subject: subjectOf(id), data }];
}

/**
 * Refuses the word of whoever asked for a run of a model of high risk about the version that it made: people, by whichever key or spelling.
 * Throws RetrainingRefusal.
 */
export function demandOther(
  { model, newVersion }: Retraining,
  { person, askers }: { readonly person: string; readonly askers: readonly string[] },
  risk: Model['risk'],
): void {
  if (riskTier(risk) !== 'HIGH' || !askers.some((asker) => isSamePerson(asker, person))) return;
  const why = `you asked for the run that made version ${newVersion ?? ''} of ${model}, a model of high risk: somebody else promotes it`;
  throw new RetrainingRefusal('own_request', why, 'id');
}

function waiting(state: Retrainings, id: string): Retraining {
  const run = state.find(id);
  if (!run) throw new RetrainingRefusal('retraining_not_found', `there is no training run ${id}`, 'id');
  if (run.promotion?.state === 'PROPOSED') return run;
  const there = run.promotion ? `was ${run.promotion.state.toLowerCase()}` : 'is not proposed';
  throw new RetrainingRefusal(
    'promotion_not_proposed',
    `the promotion of what run ${id} made ${there}`,
    'id',
  );
}

function subjectOf(id: string): NewEntry['subject'] {
  return { type: RETRAINING_SUBJECT, id };
}

import { CodedError } from '../domain/coded-error.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import { MATCHED, type Matcher } from '../domain/matcher.js';
import type { Person } from '../domain/person.js';
import { minuteText } from '../domain/wording.js';
import { acknowledgeCase, assignCase, noteCase } from '../incidents/case-commands.js';
import type { IncidentDecision } from '../incidents/incident-decision.js';
import { IncidentRefusal } from '../incidents/incident-refusal.js';
import type { IncidentCase } from '../incidents/incidents.js';
import { createSilence } from '../incidents/silence-commands.js';
import type { Click } from '../notify/slack-click.js';
import { CLICK_SUBJECT } from './clicks.js';
import { decideMessages } from './decide-messages.js';
import { answerTraining } from './answer-training.js';
import type { Stages } from './stages.js';

const HOUR = 3_600_000;
/** What somebody calls normal is not told for this long; a new reference is what ends it for good. */
const NORMAL_MS = 7 * 24 * HOUR;
/** Silences by feature up to here, by check beyond: nobody reads a hundred silences. */
const MOST_SILENCES = 20;

interface Done {
  readonly entries: readonly NewEntry[];
  /** One line for the person who clicked. */
  readonly answer: string;
}

/** What a click came to. */
interface Acted {
  /** One line for the person who clicked. */
  readonly answer: string;
  /** Whether a reference is to be made of what they call normal, which takes longer than Slack waits. */
  readonly wantsReference: boolean;
}

/**
 * Carries a click out and answers it in one line; a refusal is an answer too. A click that comes again does nothing and is answered as before. The
 * ledger holds who clicked what, beside what followed.
 */
export async function actOnClick(stages: Stages, click: Click, who: Person): Promise<Acted> {
  let acted: Acted = { answer: '', wantsReference: false };
  await stages.ledger.transact((now) => {
    const before = stages.clicks.answer(click.id);
    if (before !== undefined) {
      acted = { answer: before, wantsReference: false };
      return [];
    }
    const { entries, answer } = attempted(stages, click, who, now);
    acted = { answer, wantsReference: click.kind === 'normal' && entries.length > 0 };
    return [...entries, clicked(click, who, answer, now)];
  });
  return acted;
}

function clicked({ id, kind, caseId }: Click, { actor, name }: Person, answer: string, at: Date): NewEntry {
  const data = { by: name, asked: kind, caseId, answer };
  return { action: 'click.taken', actor, at, subject: { type: CLICK_SUBJECT, id }, data };
}

function attempted(stages: Stages, click: Click, who: Person, now: Date): Done {
  try {
    return done(stages, click, who, now);
  } catch (error) {
    if (!(error instanceof CodedError) || error.retryable) throw error;
    return { entries: [], answer: error.message };
  }
}

function done(stages: Stages, { kind, caseId }: Click, who: Person, now: Date): Done {
  const state = { incidents: stages.incidents };
  switch (kind) {
    case 'acknowledge':
      return told(stages, acknowledgeCase(state, caseId, who, now), 'You have taken it on.', now);
    case 'assign':
      return told(stages, assignCase(state, { id: caseId, to: who.name }, who, now), 'It is yours.', now);
    case 'silence_1h':
      return silenced(stages, caseId, { ms: HOUR, comment: 'from Slack, for an hour' }, who, now);
    case 'silence_24h':
      return silenced(stages, caseId, { ms: 24 * HOUR, comment: 'from Slack, for a day' }, who, now);
    case 'normal':
      return normal(stages, caseId, who, now);
    case 'approve':
    case 'reject':
      return decided(stages, { kind, caseId }, who, now);
  }
}

function told(stages: Stages, { entries, changes }: IncidentDecision, answer: string, now: Date): Done {
  return { entries: [...entries, ...decideMessages(stages, changes, now)], answer };
}

function silenced(
  stages: Stages,
  caseId: string,
  { ms, comment }: { readonly ms: number; readonly comment: string },
  who: Person,
  now: Date,
): Done {
  const found = demandCase(stages, caseId);
  const endsAt = new Date(now.getTime() + ms);
  const entries = matchersOf(found).map(
    (matchers) => createSilence({ matchers, startsAt: null, endsAt, comment }, who, now).entry,
  );
  const answer = `What this case is about is not told until ${minuteText(endsAt)} UTC; its end is.`;
  return { entries, answer };
}

/** One silence for each thing that is open, never for the model as a whole: a new problem must be heard. */
function matchersOf({ model, version, members }: IncidentCase): readonly (readonly Matcher[])[] {
  const open = members.filter(({ state }) => state !== 'CLOSED');
  const names =
    open.length <= MOST_SILENCES ? (['check', 'feature', 'segment'] as const) : (['check'] as const);
  const all = open.map(({ signal }) => {
    const own = { check: signal.check, feature: signal.feature ?? '', segment: signal.segment };
    const labels = { model, version, ...Object.fromEntries(names.map((name) => [name, own[name]])) };
    return MATCHED.flatMap((name): readonly Matcher[] => {
      const value = (labels as Readonly<Record<string, string>>)[name];
      return value === undefined ? [] : [{ name, value: value.replaceAll('*', '?'), equal: true }];
    });
  });
  return [...new Map(all.map((matchers) => [JSON.stringify(matchers), matchers])).values()];
}

/** It is written down and kept quiet for a week; a new reference, if others agree to it, makes it the new normal. */
function normal(stages: Stages, caseId: string, who: Person, now: Date): Done {
  demandCase(stages, caseId);
  const note = noteCase({ incidents: stages.incidents }, { id: caseId, note: 'this is normal' }, who, now);
  const quiet = silenced(stages, caseId, { ms: NORMAL_MS, comment: `normal, says ${who.name}` }, who, now);
  const answer =
    'Written down, and not told for a week. Whether it makes a reference, you read here in a moment.';
  return { entries: [...note.entries, ...quiet.entries], answer };
}

function decided(
  stages: Stages,
  { kind, caseId }: { readonly kind: 'approve' | 'reject'; readonly caseId: string },
  who: Person,
  now: Date,
): Done {
  const { model } = demandCase(stages, caseId);
  const waiting = stages.retrainings
    .history(model)
    .filter(({ cause }) => cause.caseId === caseId)
    .find(
      ({ id, outcome }) =>
        outcome === 'proposed' || stages.retrainings.find(id)?.promotion?.state === 'PROPOSED',
    );
  if (!waiting) return { entries: [], answer: 'No training of this case waits for a yes or no.' };
  const word = { id: waiting.id, note: 'from Slack', actor: who.actor, isYes: kind === 'approve' };
  const { entries, outcome, yes, needed } = answerTraining(stages, word, now);
  const counted = `Your yes is counted: ${yes} of ${needed}; somebody else has to agree as well.`;
  return { entries, answer: { granted: 'It is approved.', declined: 'It is declined.', counted }[outcome] };
}

function demandCase({ incidents }: Stages, id: string): IncidentCase {
  const found = incidents.case(id);
  if (!found) throw new IncidentRefusal('case_not_found', `there is no case ${id}`, 'id');
  if (found.state === 'CLOSED') throw new IncidentRefusal('case_closed', `${id} is closed`, 'id');
  return found;
}

import { CodedError } from '../domain/coded-error.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { Person } from '../domain/person.js';
import { minuteText } from '../domain/wording.js';
import { acknowledgeCase, assignCase, demandCase } from '../incidents/case-commands.js';
import type { IncidentDecision } from '../incidents/incident-decision.js';
import { IncidentRefusal } from '../incidents/incident-refusal.js';
import type { IncidentCase } from '../incidents/incidents.js';
import type { Click } from '../notify/slack-click.js';
import { CLICK_SUBJECT } from './clicks.js';
import { decideMessages } from './decide-messages.js';
import { answerTraining } from './answer-training.js';
import { silenceFindings } from './silencing.js';
import { waitingTraining } from './waiting-training.js';
import { demandNormal } from './want-normal.js';
import { refusalEntries } from './word-or-refusal.js';
import type { Stages } from './stages.js';

const HOUR = 3_600_000;

interface Done {
  readonly entries: readonly NewEntry[];
  /** One line for the person who clicked. */
  readonly answer: string;
  /** What follows; left out, nothing. */
  readonly follows?: Acted['follows'];
}

/** What a click came to. */
interface Acted {
  /** One line for the person who clicked. */
  readonly answer: string;
  /** `ask_why`: a reason is wanted first. `make_reference`: of what they call normal, which takes longer than Slack waits. */
  readonly follows: 'nothing' | 'ask_why' | 'make_reference';
}

/**
 * Carries a click out and answers it in one line; a refusal is an answer too. A click that comes again does nothing and is answered as before. The
 * ledger holds who clicked what, beside what followed.
 */
export async function actOnClick(stages: Stages, click: Click, who: Person): Promise<Acted> {
  let acted: Acted = { answer: '', follows: 'nothing' };
  await stages.ledger.transact((now) => {
    const before = stages.clicks.answer(click.id);
    if (before !== undefined) {
      acted = { answer: before, follows: 'nothing' };
      return [];
    }
    const { entries, answer, follows = 'nothing' } = attempted(stages, click, who, now);
    acted = { answer, follows };
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
    return { entries: refusedWord(stages, click, who, error, now), answer: error.message };
  }
}

/** That a yes or no was refused for who said it. */
function refusedWord(
  stages: Pick<Stages, 'approvals' | 'incidents' | 'retrainings'>,
  { kind, caseId }: Click,
  { actor }: Person,
  error: CodedError,
  now: Date,
): readonly NewEntry[] {
  const model = stages.incidents.case(caseId)?.model;
  const waiting = model === undefined ? undefined : waitingTraining(stages, model, caseId);
  if (!waiting) return [];
  return refusalEntries(stages.approvals, { id: waiting.id, isYes: kind === 'approve', actor }, error, now);
}

function done(stages: Stages, click: Click, who: Person, now: Date): Done {
  const { kind, caseId } = click;
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
      demandStanding(stages, caseId);
      return { entries: [], answer: 'Say why, and it is written down.', follows: 'ask_why' };
    case 'normal_because':
      return normal(stages, click, now);
    case 'approve':
    case 'reject':
      return decided(stages, { kind, caseId }, who, now);
  }
}

function told(stages: Stages, { entries, changes }: IncidentDecision, answer: string, now: Date): Done {
  return { entries: [...entries, ...decideMessages(stages, changes, now, entries)], answer };
}

function silenced(
  stages: Pick<Stages, 'registry' | 'incidents' | 'silences'>,
  caseId: string,
  { ms, comment }: { readonly ms: number; readonly comment: string },
  who: Person,
  now: Date,
): Done {
  const found = demandStanding(stages, caseId);
  const members = found.members.filter(({ state }) => state !== 'CLOSED');
  const { entry } = silenceFindings(stages, found, { members, ms, comment }, who, now);
  const until = minuteText(new Date(now.getTime() + ms));
  return { entries: [entry], answer: `What this case is about is not told until ${until} UTC; its end is.` };
}

/** The reason is asked first; what is wrong with a wish is said at once, and what becomes of it in a moment. */
function normal(stages: Pick<Stages, 'incidents'>, { caseId, wish }: Click, now: Date): Done {
  const found = demandStanding(stages, caseId);
  demandNormal(found, { caseId, ...wish });
  return { entries: [], answer: `Asked for at ${minuteText(now)} UTC. What becomes of it, you read here in a moment.`, follows: 'make_reference' };
} // prettier-ignore

function decided(
  stages: Stages,
  { kind, caseId }: { readonly kind: 'approve' | 'reject'; readonly caseId: string },
  who: Person,
  now: Date,
): Done {
  const { model } = demandStanding(stages, caseId);
  const waiting = waitingTraining(stages, model, caseId);
  if (!waiting) return { entries: [], answer: 'No training of this case waits for a yes or no.' };
  const word = { id: waiting.id, note: 'from Slack', actor: who.actor, isYes: kind === 'approve' };
  const { entries, outcome, yes, needed } = answerTraining(stages, word, now);
  const counted = `Your yes is counted: ${yes} of ${needed}; somebody else has to agree as well.`;
  return { entries, answer: { granted: 'It is approved.', declined: 'It is declined.', counted }[outcome] };
}

function demandStanding({ incidents }: Pick<Stages, 'incidents'>, id: string): IncidentCase {
  const found = demandCase(incidents.case(id), id);
  if (found.state === 'CLOSED') throw new IncidentRefusal('case_closed', `${id} is closed`, 'id');
  return found;
}

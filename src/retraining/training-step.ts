import { secondText } from '../domain/wording.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { RetrainMessage } from '../domain/retrain-message.js';
import type { TrainingStep } from '../domain/training-notice.js';
import { labelsAwaited } from './last-word.js';
import type { Retraining } from './retraining.js';
import type { RetrainingStory } from './story.js';

/** A step of a wanted training, with what is to be said of it. */
export interface RetrainingNews {
  readonly id: string;
  readonly model: string;
  /** Empty where there was no run. */
  readonly version: string;
  readonly cause: RetrainMessage['cause'];
  readonly end: TrainingStep;
  readonly at: Date;
  /** The person who decided it, as the ledger names them; null where nobody did. */
  readonly by: string | null;
  readonly reason: string;
}

/** Nobody set anything up, or the same problem is being trained for: then nothing failed. */
const NO_NEWS: ReadonlySet<string> = new Set(['not_configured', 'in_flight']);
/** The attempt that people hear of. */
const TELL_AT = 2;
const ADVICE: Readonly<Record<string, TrainingStep>> = {
  PROMOTE: 'better',
  KEEP: 'worse',
  ROLL_BACK: 'roll_back',
};

interface Said {
  readonly end: TrainingStep;
  readonly reason: string;
  readonly by?: string;
}

/** When it is decided again; what time alone does not mend is looked at again as things change. */
function whenAgain(entry: LedgerEntry): string {
  const due = textOf(entry, 'dueAt');
  return due === ''
    ? 'it is decided again when that has changed'
    : `it is decided again at ${secondText(new Date(due))} UTC`;
}

/** The step that an entry is, with the story and the run as they are after it; null where it is none that people hear of. */
export function stepOf(entry: LedgerEntry, { story, run }: Known): RetrainingNews | null {
  const said = SAID[entry.action]?.(entry, { story, run });
  if (!said || !story) return null;
  const { id, model, cause } = story;
  return { id, model, version: run?.message.version ?? '', cause, at: entry.at, by: null, ...said };
}

interface Known {
  readonly story: RetrainingStory | undefined;
  readonly run: Retraining | undefined;
}
type Saying = (entry: LedgerEntry, known: Known) => Said | null;

const SAID: Readonly<Record<string, Saying>> = {
  'retraining.recommended': () => ({
    end: 'recommended',
    reason: 'the mode is to advise: ask for it if it should be done',
  }),
  'retraining.deferred': (entry) => ({
    end: 'deferred',
    reason: `${textOf(entry, 'reason')}; ${whenAgain(entry)}`,
  }),
  'retraining.refused': (entry, { story }) =>
    NO_NEWS.has(story?.stops.at(-1)?.guard ?? '')
      ? null
      : { end: 'refused', reason: textOf(entry, 'reason') },
  'retraining.proposed': () => ({ end: 'proposed', reason: 'somebody has to approve or reject it' }),
  'retraining.declined': (entry) => ({ end: 'declined', ...personsWord(entry) }),
  'retraining.requested': (_entry, { run }) => ({ end: 'requested', reason: whereTo(run) }),
  'retraining.approved': (entry, { run }) => {
    const { by, reason } = personsWord(entry);
    return { end: 'requested', by, reason: `${reason || 'approved'}; ${whereTo(run)}` };
  },
  'retraining.cancelled': (entry) => ({ end: 'cancelled', ...personsWord(entry) }),
  'retraining.lapsed': (entry) => ({ end: 'cancelled', reason: textOf(entry, 'reason') }),
  'retraining.timed_out': (entry) => ({ end: 'timed_out', reason: textOf(entry, 'reason') }),
  'delivery.retry_scheduled': unsentSaid,
  // a 5xx, or an answer that was lost: it may have been taken, and nothing says so
  'delivery.ambiguous': unsentSaid,
  'delivery.dead': (_entry, { run }) =>
    run?.state === 'failed' ? { end: 'failed', reason: run.note ?? '' } : null,
  'retraining.progressed': (entry, { run }) => progressSaid(entry, run),
  'retraining.unused': (entry) => ({ end: 'unused', reason: textOf(entry, 'reason') }),
  'retraining.evaluated': (_entry, { run }) => {
    const end = ADVICE[run?.evaluation?.advice ?? ''];
    return end ? { end, reason: run?.evaluation?.reason ?? '' } : null;
  },
  'retraining.promotion_proposed': (_entry, { run }) => ({
    end: 'promotion_proposed',
    reason: run?.evaluation?.reason ?? '',
  }),
  'retraining.promotion_declined': (entry) => ({
    end: 'promotion_declined',
    ...personsWord(entry),
  }),
  'retraining.promoted': (entry) => ({ end: 'promoted', reason: textOf(entry, 'reason') }),
  'retraining.validated': (entry) => ({
    end: 'proved',
    reason: textOf(entry, 'reason') || 'the problem ended',
  }),
  'retraining.rejected': (entry) => ({
    end: 'disproved',
    reason: textOf(entry, 'reason') || 'the problem came back',
  }),
};

function unsentSaid({ data }: LedgerEntry, { run }: Known): Said | null {
  const { trouble = null, state } = run ?? {};
  // Once may be a restart of the receiver.
  if (state !== 'requested' || !trouble || data['attempt'] !== TELL_AT) return null;
  const reason = `${trouble.error}; tried again at ${secondText(trouble.nextAt)} UTC, and on until it is taken or called off`;
  return { end: 'unsent', reason };
}

function progressSaid(entry: LedgerEntry, run: Retraining | undefined): Said | null {
  const message = textOf(entry, 'message');
  switch (entry.data['status']) {
    case 'running': {
      const first = run?.reports.filter(({ status }) => status === 'running').length === 1;
      return first ? { end: 'running', reason: message || (run.runUrl ?? 'the job has begun') } : null;
    }
    case 'succeeded':
      return { end: 'succeeded', reason: `it made version ${run?.newVersion ?? 'nobody knows which'}` };
    case 'failed':
      return { end: 'failed', reason: message || 'the job gave no reason' };
    case 'cancelled':
      return { end: 'cancelled', reason: message || 'its job says so' };
    default:
      return null;
  }
}

function personsWord(entry: LedgerEntry): { readonly by: string; readonly reason: string } {
  return { by: entry.actor.id, reason: textOf(entry, 'note') };
}

function whereTo(run: Retraining | undefined): string {
  const until = run && labelsAwaited(run.message);
  return `it goes to ${run?.destination.address ?? 'its target'}${until ? ` ${until}` : ''}`;
}

function textOf(entry: LedgerEntry, field: string): string {
  const value = entry.data[field];
  return typeof value === 'string' ? value : '';
}

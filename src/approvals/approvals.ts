import { z } from 'zod';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { Projection } from '../ledger/projection.js';
import { APPROVAL_KINDS, type ApprovalKind } from '../domain/approval-kind.js';
import type { Approval, ApprovalState, Word } from './approval.js';
import { termsHash } from './ask-approval.js';

const Requested = z.object({
  kind: z.enum(APPROVAL_KINDS),
  model: z.string().nullable(),
  tier: z.enum(['LOW', 'MEDIUM', 'HIGH']),
  summary: z.string(),
  reason: z.string(),
  terms: z.json(),
  hash: z.string(),
  person: z.string(),
});

/** Trainings and promotions wait in entries of their own. */
const ASKED: Readonly<Record<string, ApprovalKind>> = {
  'retraining.proposed': 'TRAINING',
  'retraining.promotion_proposed': 'PROMOTION',
};
interface Ending {
  readonly kind: ApprovalKind;
  readonly state: ApprovalState;
}
const ANSWERED: Readonly<Record<string, Ending>> = {
  'retraining.approved': { kind: 'TRAINING', state: 'APPROVED' },
  'retraining.declined': { kind: 'TRAINING', state: 'DECLINED' },
  'retraining.promotion_approved': { kind: 'PROMOTION', state: 'APPROVED' },
  'retraining.promotion_declined': { kind: 'PROMOTION', state: 'DECLINED' },
};
const ENDED: Readonly<Record<string, ApprovalState>> = {
  'approval.expired': 'EXPIRED',
  'approval.withdrawn': 'WITHDRAWN',
};

/** A yes or no that did not count for who said it. */
interface RefusedWord {
  readonly id: string;
  readonly actor: string;
  readonly code: string;
}

function refusedIn({ subject, actor, data }: LedgerEntry): RefusedWord {
  return { id: subject.id, actor: actor.id, code: typeof data['code'] === 'string' ? data['code'] : '' };
}

function refusalName({ id, actor, code }: RefusedWord): string {
  return JSON.stringify([id, actor, code]);
}

/** What people were asked to agree to: a fold over `approval.*` and over what else asks for a yes. */
export class Approvals implements Projection {
  /** By id; of a training the newest thing that it waits for. */
  private readonly byId = new Map<string, Approval>();
  private readonly former: Approval[] = [];
  /** Who tried to say what they may not. */
  private readonly refusals = new Set<string>();

  /** Newest first. */
  list(): readonly Approval[] {
    return [...this.former, ...this.byId.values()].toSorted((a, b) => b.seq - a.seq);
  }

  find(id: string): Approval | undefined {
    return this.byId.get(id);
  }

  /** What waits for somebody, oldest first. */
  pending(): readonly Approval[] {
    return [...this.byId.values()].filter(({ state }) => state === 'PENDING');
  }

  /** How many there ever were. */
  get count(): number {
    return this.former.length + this.byId.size;
  }

  apply(entry: LedgerEntry): void {
    const { action, subject } = entry;
    const [kind, answer, end] = [ASKED[action], ANSWERED[action], ENDED[action]];
    if (kind) this.open(proposed(kind, entry));
    else if (action === 'approval.requested') this.open(requested(entry));
    else if (action === 'approval.joined') this.change(subject.id, (known) => withJoined(known, entry));
    else if (action === 'approval.given') this.change(subject.id, (known) => withYes(known, entry));
    else if (action === 'approval.declined')
      this.change(subject.id, (known) => ({ ...withWord(known, entry, false), state: 'DECLINED' }));
    else if (answer) this.answered(entry, answer);
    else if (end) this.end(entry, end);
    else if (action === 'policy.withdrawn') this.calledOff(entry);
    else if (action === 'approval.refused') this.refusals.add(refusalName(refusedIn(entry)));
    else if (action === 'retraining.evaluated') this.outdated(entry);
  }

  reset(): void {
    this.byId.clear();
    this.former.length = 0;
    this.refusals.clear();
  }

  /** Whether it is recorded that somebody tried, and why it did not count. */
  wasRefused(attempt: RefusedWord): boolean {
    return this.refusals.has(refusalName(attempt));
  }

  private open(approval: Approval): void {
    const before = this.byId.get(approval.id);
    if (before) this.former.push(before);
    this.byId.set(approval.id, approval);
  }

  /** A yes or no to a training; in ledgers of before words were counted it is the only entry of it. */
  private answered(entry: LedgerEntry, { kind, state }: Ending): void {
    this.change(entry.subject.id, (known) => {
      if (known.kind !== kind || known.state !== 'PENDING') return known;
      const isSaid = known.words.some(({ actor }) => actor.id === entry.actor.id);
      const isPerson = entry.actor.type !== 'system';
      const heard = isSaid || !isPerson ? known : withWord(known, entry, state === 'APPROVED');
      return { ...heard, state };
    });
  }

  private end(entry: LedgerEntry, state: ApprovalState): void {
    const { subject, data, actor } = entry;
    const endedBecause = typeof data['because'] === 'string' ? data['because'] : null;
    this.change(subject.id, (known) => ({
      ...(actor.type === 'system' ? known : withWord(known, entry, false)),
      state,
      endedBecause,
    }));
  }

  /** What was agreed to for a later day does not come into force. */
  private calledOff({ data: { approval, because } }: LedgerEntry): void {
    const endedBecause = typeof because === 'string' ? because : 'a newer version came into force meanwhile';
    this.change(typeof approval === 'string' ? approval : '', (known) => ({
      ...known,
      state: 'WITHDRAWN',
      endedBecause,
    }));
  }

  /** A newer comparison of versions takes the place of the one that a promotion was proposed on. */
  private outdated({ subject }: LedgerEntry): void {
    this.change(subject.id, (known) =>
      known.kind === 'PROMOTION' && known.state === 'PENDING'
        ? { ...known, state: 'WITHDRAWN', endedBecause: 'a newer comparison took its place' }
        : known,
    );
  }

  private change(id: string, changed: (known: Approval) => Approval): void {
    const known = this.byId.get(id);
    if (known) this.byId.set(id, changed(known));
  }
}

function requested({ subject, actor, at, seq, data }: LedgerEntry): Approval {
  const { person, ...wish } = Requested.parse(data);
  const { id } = subject;
  const nothing = { state: 'PENDING', joined: [], words: [], endedBecause: null } as const;
  return { ...wish, ...nothing, id, askedBy: actor, asker: person, askedAt: at, seq };
}

/** Who asked is the actor; that the tier is not known here, and who joined, is for whoever decides. */
function proposed(kind: ApprovalKind, { subject, actor, at, seq, data }: LedgerEntry): Approval {
  const { message, model } = data;
  const order = z.object({ model: z.string(), cause: z.object({ summary: z.string() }) }).safeParse(message);
  const named = typeof model === 'string' ? model : null;
  const summary = order.success ? order.data.cause.summary : 'a better version takes over';
  return {
    id: subject.id,
    kind,
    state: 'PENDING',
    model: order.success ? order.data.model : named,
    tier: null,
    summary,
    reason: summary,
    terms: data,
    hash: termsHash(data),
    askedBy: actor,
    asker: actor.id,
    askedAt: at,
    seq,
    joined: [],
    words: [],
    endedBecause: null,
  };
}

function withJoined(known: Approval, { actor, at, seq, data }: LedgerEntry): Approval {
  const { person, reason } = data;
  const text = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise);
  const one = { actor, person: text(person, actor.id), at, reason: text(reason, ''), seq };
  return { ...known, joined: [...known.joined, one] };
}

/** The last yes that was needed says so itself, so that what others set later changes nothing. */
function withYes(known: Approval, entry: LedgerEntry): Approval {
  const { yes, needed } = entry.data;
  const heard = withWord(known, entry, true);
  return Number(yes) >= Number(needed) ? { ...heard, state: 'APPROVED' } : heard;
}

function withWord(known: Approval, { actor, at, seq, data }: LedgerEntry, isYes: boolean): Approval {
  const { person, note } = data;
  const word: Word = {
    actor,
    person: typeof person === 'string' ? person : actor.id,
    at,
    isYes,
    note: typeof note === 'string' && note !== '' ? note : null,
    seq,
  };
  return { ...known, words: [...known.words, word] };
}

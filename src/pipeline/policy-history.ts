import type { Actor, Json, LedgerEntry } from '../domain/ledger-entry.js';
import type { Ledger } from '../ledger/ledger.js';
import { leafDiff, type Change } from '../registry/json-diff.js';

/** A version of a policy that was in force, with its text and what it changed. */
export interface PolicyVersion {
  readonly id: string;
  readonly version: number;
  readonly hash: string;
  readonly owner: string;
  readonly enforcement: string;
  readonly file: string;
  readonly activeFrom: Date;
  readonly activeUntil: Date | null;
  /** Who put it in force. */
  readonly actor: Actor;
  readonly seq: number;
  readonly content: Json;
  readonly changes: readonly Change[];
  readonly reason: string | null;
  /** Under which it was adopted; null where a file brought it. */
  readonly approvalId: string | null;
}

/** Changes of policies a person has made by hand; a program that writes more is cut off. */
const MOST = 10_000;
const ASKED = { actions: ['policy.activated', 'policy.retired'], subjectType: 'policy', limit: MOST };

/** Every version of a policy that was in force, newest first; none where there never was one of that id. */
export async function policyHistory(
  ledger: Pick<Ledger, 'read'>,
  id: string,
): Promise<readonly PolicyVersion[]> {
  const entries = await ledger.read({ ...ASKED, subjectId: id });
  return versionsOf(entries.filter(({ isRefused }) => !isRefused)).toReversed();
}

/** Ids of all policies that ever were in force. */
export async function policyIds(ledger: Pick<Ledger, 'read'>): Promise<ReadonlySet<string>> {
  const entries = await ledger.read(ASKED);
  return new Set(entries.map(({ subject }) => subject.id));
}

/** From the entries of one policy, oldest first. */
function versionsOf(entries: readonly LedgerEntry[]): readonly PolicyVersion[] {
  const activated = entries.filter(({ action }) => action === 'policy.activated');
  return activated.map((entry, i) => {
    const { data, seq, at, subject, actor } = entry;
    const { version, hash, owner, enforcement, file, content = null, reason, approval } = data;
    const before = activated[i - 1]?.data['content'] ?? null;
    return {
      id: subject.id,
      version: Number(version ?? 0),
      hash: textOf(hash) ?? '',
      owner: textOf(owner) ?? '',
      enforcement: textOf(enforcement) ?? '',
      file: textOf(file) ?? '',
      content,
      seq,
      actor,
      activeFrom: at,
      activeUntil: entries[entries.indexOf(entry) + 1]?.at ?? null,
      reason: textOf(reason),
      approvalId: textOf(approval),
      changes: before === null || content === null ? [] : leafDiff(before, content),
    };
  });
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

import type { Json, LedgerEntry } from '../domain/ledger-entry.js';
import { isObject } from '../domain/json-object.js';

/** That a model file took back at a start what others had agreed to, or what watched a model of high risk. */
export interface Undone {
  readonly at: Date;
  /** The place of its entry in the ledger. */
  readonly seq: number;
  /** A sentence for each change. */
  readonly what: readonly string[];
}

/** What stands of a model's description under whose yes. */
export interface Agreement {
  /** By JSON Pointer into the description: the approval under which it came to be what it is. */
  readonly agreed: ReadonlyMap<string, string>;
  /** Null where the newest description took nothing back. */
  readonly undone: Undone | null;
}

export const NO_AGREEMENT: Agreement = { agreed: new Map(), undone: null };

/** The same after a model was described anew. What changes without an approval is not agreed to any more. Pure. */
export function agreementAfter({ agreed }: Agreement, { data, at, seq }: LedgerEntry): Agreement {
  const paths = listOf(data['changes']).flatMap((change) => pathOf(change));
  const { approval } = data;
  const kept = [...agreed].filter(([path]) => !paths.includes(path));
  const added = typeof approval === 'string' ? paths.map((path) => [path, approval] as const) : [];
  const what = listOf(data['undoes']).filter((one) => typeof one === 'string');
  return { agreed: new Map([...kept, ...added]), undone: what.length === 0 ? null : { at, seq, what } };
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function pathOf(change: Json): readonly string[] {
  const path = isObject(change) ? change['path'] : null;
  return typeof path === 'string' ? [path] : [];
}

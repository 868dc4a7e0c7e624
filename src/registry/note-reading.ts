import type { Actor, NewEntry } from '../domain/ledger-entry.js';
import { actorOf, isPersonal, type Principal } from './principal.js';

interface Log {
  readonly ledger: { transact(decide: (now: Date) => readonly NewEntry[]): Promise<unknown> };
  readonly auditReads: {
    note(actor: Actor, filter: Readonly<Record<string, string>>, now: Date): readonly NewEntry[];
  };
}

/** Records that a person looks into the ledger: one who signed in, or who answers for the key. Before they see it, so that nobody looks unseen. */
export async function noteReading(
  { ledger, auditReads }: Log,
  reader: Principal,
  filter: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (!isPersonal(reader)) return;
  await ledger.transact((now) => auditReads.note(actorOf(reader), asText(filter), now));
}

/** As the entry holds it: what was asked for, instants and lists as text. */
function asText(filter: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const said = Object.entries(filter).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(said.map(([field, value]) => [field, value instanceof Date ? value.toISOString() : String(value)])); // prettier-ignore
}

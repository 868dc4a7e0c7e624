import type { StoredRow } from './stored-entries.js';
import { CodedError } from '../domain/coded-error.js';
import {
  ACTOR_TYPES,
  type Actor,
  type Json,
  type LedgerEntry,
  type NewEntry,
} from '../domain/ledger-entry.js';
import { canonicalJson } from './canonical-json.js';
import { leafHash } from './merkle.js';
import { isObject } from '../domain/json-object.js';

/** Version of the entry's own layout, the `v` of its canonical JSON. */
const LAYOUT = 1;
const ACTION = /^[a-z_]+\.[a-z_]+$/;

/**
 * Numbers a decision and writes it as the row to be stored. `writer` names the process: two replicas that decide the same thing in the
 * same millisecond write different bytes, so each can tell whose entry stands. `codeOf` makes the code by which the service knows its own.
 * Throws NotCanonical when its data cannot be written without loss.
 */
export function sealEntry(
  { action, actor, at, subject, data }: NewEntry,
  seq: number,
  writer: string,
  codeOf: (leaf: Buffer) => string = () => '',
): StoredRow {
  if (!ACTION.test(action))
    throw new TypeError(`"${action}" is not an action: write noun.verb_past, e.g. model.registered`);
  if (Number.isNaN(at.getTime())) throw new TypeError(`${action}: \`at\` is not a valid date`);
  const { type, id } = actor;
  const iso = at.toISOString();
  const about = { type: subject.type, id: subject.id };
  const entry = canonicalJson({
    v: LAYOUT,
    seq,
    at: iso,
    action,
    actor: { type, id },
    subject: about,
    data,
    writer,
  });
  const leaf = leafHash(entry);
  return {
    seq,
    at: columnTime(iso),
    action,
    actor_type: type,
    actor_id: id,
    subject_type: about.type,
    subject_id: about.id,
    entry,
    hash: leaf.toString('hex'),
    mac: codeOf(leaf),
  };
}

/** ISO 8601 UTC as a DateTime64(3, 'UTC') column takes it. */
export function columnTime(iso: string): string {
  return iso.slice(0, -1).replace('T', ' ');
}

/** Bytes in the log that are not an entry. */
export class UnreadableEntry extends CodedError {
  override readonly name = 'UnreadableEntry';
  readonly code = 'unreadable_entry';
}

/** Reads an entry out of its parsed JSON. Throws UnreadableEntry, naming what is wrong, when it is not one. */
export function openEntry(value: Json, hash: string): LedgerEntry {
  if (!isObject(value)) throw new UnreadableEntry('is not a JSON object');
  const { v, seq, at, action, actor, subject, data } = value;
  if (v !== LAYOUT) throw new UnreadableEntry(`layout ${JSON.stringify(v)} is not known to this version`);
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1)
    throw new UnreadableEntry('`seq` is not a whole number from 1');
  if (typeof action !== 'string') throw new UnreadableEntry('`action` is not text');
  const time = typeof at === 'string' ? new Date(at) : null;
  if (!time || Number.isNaN(time.getTime()) || time.toISOString() !== at)
    throw new UnreadableEntry('`at` is not an ISO 8601 UTC time');
  if (!isNamed(actor) || !isActorType(actor.type)) throw new UnreadableEntry('`actor` is not {type, id}');
  if (!isNamed(subject)) throw new UnreadableEntry('`subject` is not {type, id}');
  if (!isObject(data)) throw new UnreadableEntry('`data` is not an object');
  return { seq, hash, at: time, action, actor: { type: actor.type, id: actor.id }, subject, data };
}

function isNamed(value: Json | undefined): value is { readonly type: string; readonly id: string } {
  return isObject(value) && typeof value['type'] === 'string' && typeof value['id'] === 'string';
}

function isActorType(type: string): type is Actor['type'] {
  return (ACTOR_TYPES as readonly string[]).includes(type);
}

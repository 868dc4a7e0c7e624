import { z } from 'zod';
import { CodedError } from '../domain/coded-error.js';
import { EXPORT_FORMAT } from './export.js';

const Hash = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256 hash in hex');
const Place = z.int().min(0);

/** What an export may hold, for a reader that does not trust it. */
export const HeaderLine = z.strictObject({
  type: z.literal('header'),
  format: z.literal(EXPORT_FORMAT),
  v: z.literal(1),
  first: Place,
  last: Place,
  checkpoint: z.string(),
  verifierKey: z.string(),
  consistency: z.strictObject({ older: Place, proof: z.array(Hash) }).nullable(),
  damage: z.string().optional(),
});
export type HeaderLine = z.infer<typeof HeaderLine>;

export const EntryLine = z.strictObject({
  type: z.literal('entry'),
  seq: Place,
  entry: z.string(),
  hash: Hash,
  proof: z.array(Hash).optional(),
});
export type EntryLine = z.infer<typeof EntryLine>;

/** The text ends before it is whole JSON: what is left of a line when a file or an answer was cut off. */
export class NotJson extends CodedError {
  override readonly name = 'NotJson';
  readonly code = 'not_json';
}

/**
 * A line of an export. Throws NotJson, and Error when the text says more than its JSON: an export is written in one form only, so that a
 * property that stands twice (of which readers take different ones) cannot hide.
 */
export function parseLine(line: string, number: number): unknown {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new NotJson(`line ${number} is not JSON`);
  }
  if (JSON.stringify(value) !== line)
    throw new Error(
      `line ${number} is not in the form of an export: a property stands twice, or its text was edited`,
    );
  return value;
}

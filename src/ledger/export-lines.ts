import { z } from 'zod';
import { EXPORT_FORMAT } from './export.js';

const Hash = z.string().regex(/^[0-9a-f]{64}$/, 'not a SHA-256 hash in hex');
const Place = z.int().min(0);

/** What an export may hold, for a reader that does not trust it. */
export const HeaderLine = z.object({
  type: z.literal('header'),
  format: z.literal(EXPORT_FORMAT),
  v: z.literal(1),
  first: Place,
  last: Place,
  checkpoint: z.string(),
  verifierKey: z.string(),
  consistency: z.object({ older: Place, proof: z.array(Hash) }).nullable(),
});
export type HeaderLine = z.infer<typeof HeaderLine>;

export const EntryLine = z.object({
  type: z.literal('entry'),
  seq: Place,
  entry: z.string(),
  hash: Hash,
  proof: z.array(Hash).optional(),
});
export type EntryLine = z.infer<typeof EntryLine>;

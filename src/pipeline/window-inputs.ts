import { createHash } from 'node:crypto';
import type { Constraint } from '../domain/constraint.js';
import type { WindowProfile } from '../domain/profile.js';
import type { Track } from '../windows/due-windows.js';
import type { Memory } from './judgement.repository.js';
import { profileOf } from './track.js';

/** Everything the judgement of a window depends on, but the policies and the model file: those hold from when they came into force. */
export interface WindowInputs {
  readonly track: Track;
  readonly profile: WindowProfile;
  readonly rules: readonly Constraint[];
  readonly baseline: string;
  readonly share: number;
  readonly excuse: string | null;
  readonly isHistory: boolean;
  /** Digest of the memory that the window before left. */
  readonly memory: string;
}

/** A digest that is the same for the same inputs, in whatever order the engine named them; of these fields, whatever else there is beside them. */
export function inputsDigest({ profile, rules, ...given }: WindowInputs): string {
  const { track, baseline, share, excuse, isHistory, memory } = given;
  // Windows of the stream have the digest that they had before anything was known of history.
  const terms = { track, baseline, share, excuse, memory, ...(isHistory ? { isHistory } : {}) };
  const seen = profileOf(track, profile, rules);
  const names = [...seen.unknownFeatures].sort();
  return digest(JSON.stringify({ ...terms, profile: { ...seen, unknownFeatures: names } }, inNameOrder));
}

const memories = new WeakMap<Memory, string>();

/** A digest of a memory, as it is stored. Computed once for a memory, which must not change afterwards. */
export function memoryDigest(memory: Memory): string {
  const known = memories.get(memory) ?? digest(JSON.stringify(memory));
  memories.set(memory, known);
  return known;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

function inNameOrder(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

import { createHash } from 'node:crypto';
import type { SeenEvent } from './seen-event.js';

/** Names are remembered as numbers, about 50 bytes each: of more than so many nothing is said. */
const NAMES_REMEMBERED = 2_000_000;
export const HALF_HOUR_MS = 1_800_000;
/** No zone is further from UTC. */
export const FURTHEST_ZONE_MS = 14 * 3_600_000;
/** Of labels that are before their prediction so many have to be explained by one shift of the clock. */
const NEARLY_ALL_EARLY = 0.95;

/** A label that no prediction was found for. */
export interface LoneLabel {
  readonly id: string;
  readonly place: string;
}

/** What labels and predictions of a model say of each other. */
interface Pairs {
  readonly predictions: Map<number, number>;
  readonly waiting: Map<number, LoneLabel & { readonly at: number }>;
  /** How many labels are before their prediction, by whole half hours that would put them after it. */
  readonly early: Map<number, number>;
}

/** Holds labels against the predictions of the same files, whichever comes first. */
export class PairLabels {
  private readonly models = new Map<string, Pairs>();
  private names = 0;

  /** False once there are more names than are remembered: what is not paired then says nothing. */
  get isWhole(): boolean {
    return this.names < NAMES_REMEMBERED;
  }

  /** Whether the id is that of an earlier prediction, and whether the label that is paired now is before its prediction. */
  see(event: SeenEvent): { readonly isRepeated: boolean; readonly isEarly: boolean } {
    const pairs = this.pairsOf(event.model);
    const name = nameOf(event);
    if (event.kind === 'label') return { isRepeated: false, isEarly: this.label(pairs, name, event) };
    const isRepeated = pairs.predictions.has(name);
    const waiting = pairs.waiting.get(name);
    if (waiting) pairs.waiting.delete(name);
    else if (!isRepeated) this.names += 1;
    if (!isRepeated && this.isWhole) pairs.predictions.set(name, event.at);
    return { isRepeated, isEarly: waiting !== undefined && count(pairs, event.at - waiting.at) };
  }

  /** Labels of a model that no prediction of these files is for. */
  lone(model: string): readonly LoneLabel[] {
    return [...(this.models.get(model)?.waiting.values() ?? [])];
  }

  /** By how much event times of predictions look ahead of those of their labels, ms; null where no zone could do it. */
  leadOf(model: string): number | null {
    const halves = [...(this.models.get(model)?.early ?? [])].toSorted(([a], [b]) => a - b);
    const all = halves.reduce((sum, [, n]) => sum + n, 0);
    let sum = 0;
    const most = halves.find(([, n]) => (sum += n) >= NEARLY_ALL_EARLY * all)?.[0];
    const lead = most === undefined ? Infinity : most * HALF_HOUR_MS;
    return lead <= FURTHEST_ZONE_MS ? lead : null;
  }

  private label(pairs: Pairs, name: number, { id, at, place }: SeenEvent): boolean {
    const predicted = pairs.predictions.get(name);
    if (predicted !== undefined) return count(pairs, predicted - at);
    if (!this.isWhole || pairs.waiting.has(name)) return false;
    this.names += 1;
    pairs.waiting.set(name, { id, place, at });
    return false;
  }

  private pairsOf(model: string): Pairs {
    const known = this.models.get(model) ?? {
      predictions: new Map(),
      waiting: new Map(),
      early: new Map(),
    };
    this.models.set(model, known);
    return known;
  }
}

function count({ early }: Pairs, leadMs: number): boolean {
  if (!(leadMs > 0)) return false;
  const halves = Math.ceil(leadMs / HALF_HOUR_MS);
  early.set(halves, (early.get(halves) ?? 0) + 1);
  return true;
}

/** 48 bits of a hash: among two million names one pair in a hundred files is taken for one. */
export function nameOf({ id }: Pick<SeenEvent, 'id'>): number {
  return hashOf(id);
}

/** 48 bits of SHA-1. */
export function hashOf(text: string): number {
  return createHash('sha1').update(text).digest().readUIntBE(0, 6);
}

import type { BaselineSource, Model } from '../domain/model.js';
import { keptFor, ruleOf, type DataClass, type KeepFloors, type KeepFor } from '../domain/record-class.js';
import type { HeldSpan } from '../records/legal-holds.js';

/** What of a model decides how much of its data is needed. */
export interface RetentionFacts {
  readonly model: Model;
  /** Where the references in force came from, that of the model and those of versions; null while there is none. */
  readonly references: readonly BaselineSource[] | null;
  /** When the oldest open incident began. */
  readonly openSince: Date | null;
  /** What may not go. */
  readonly held: readonly HeldSpan[];
}

/** Data of one class that may go: older than an instant, but for some periods. */
export interface Expired {
  readonly dataClass: DataClass;
  readonly before: Date;
  /** Why it goes, in words. */
  readonly rule: string;
  readonly except: readonly Period[];
  /** Stretches that a hold keeps, by the time of events. */
  readonly held: readonly Period[];
}

interface Period {
  readonly since: Date;
  readonly until: Date;
}

/** Before and after everything that the store can hold. */
const [FIRST, LAST] = [new Date(0), new Date('2299-12-31T00:00:00Z')];

/**
 * What of a model is old enough to go and not needed any more. Kept whatever its age: what may still come in or change (accepted event times,
 * lateness, labels that are expected), what an open incident is about, the periods of references, what is held, and everything while a reference is
 * still to be frozen. Pure.
 */
export function expiredData(
  facts: RetentionFacts,
  { keep, floors }: { readonly keep: KeepFor; readonly floors: KeepFloors },
  now: Date,
): readonly Expired[] {
  const { model, references, openSince } = facts;
  if (references === null && model.baseline !== undefined) return [];
  const unsettled = now.getTime() - unsettledFor(model);
  const told = openSince === null ? Infinity : openSince.getTime() - model.window;
  const except = (references ?? []).flatMap((source) => ('since' in source ? [source] : []));
  const held = facts.held.map(({ since, until }) => ({ since: since ?? FIRST, until: until ?? LAST }));
  return keptFor(model, keep, floors).map((kept) => {
    const { dataClass, ms, floorMs } = kept;
    const age = now.getTime() - Math.max(ms, floorMs);
    // Floor of a minute: summaries are by minute.
    const before = new Date(Math.floor(Math.min(age, unsettled, told) / 60_000) * 60_000);
    const isOfRows = dataClass === 'events' || dataClass === 'summaries';
    return { dataClass, before, rule: ruleOf(kept), held, except: isOfRows ? except : [] };
  });
}

/** How long after its time what belongs to a row may still come in or change: accepted event times, lateness, labels that are expected. */
export function unsettledFor({ accepts, lateness, labels, window }: Model): number {
  return Math.max(accepts.past, lateness + labels.expectedWithin) + window;
}

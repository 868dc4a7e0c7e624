import type { BaselineSource, Model } from '../domain/model.js';

/** Data that is kept for a time of its own. The ledger and the list of judged windows are kept for ever. */
export const DATA_CLASSES = ['events', 'summaries', 'results', 'states'] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

/** For how long each is kept, ms. */
export type KeepFor = Readonly<Record<DataClass, number>>;

/** What of a model decides how much of its data is needed. */
export interface RetentionFacts {
  readonly model: Model;
  /** Where the references in force came from, that of the model and those of versions; null while there is none. */
  readonly references: readonly BaselineSource[] | null;
  /** When the oldest open incident began. */
  readonly openSince: Date | null;
}

/** Data of one class that may go: older than an instant, but for some periods. */
export interface Expired {
  readonly dataClass: DataClass;
  readonly before: Date;
  readonly except: readonly { readonly since: Date; readonly until: Date }[];
}

/**
 * What of a model is old enough to go and not needed any more. Kept whatever its age: what may still come in or change (accepted event times,
 * lateness, labels that are expected), what an open incident is about, the periods of references, and everything while a reference is
 * still to be frozen. Pure.
 */
export function expiredData(facts: RetentionFacts, keep: KeepFor, now: Date): readonly Expired[] {
  const { model, references, openSince } = facts;
  if (references === null && model.baseline !== undefined) return [];
  const { past } = model.accepts;
  const unsettled =
    now.getTime() - Math.max(past, model.lateness + model.labels.expectedWithin) - model.window;
  const told = openSince === null ? Infinity : openSince.getTime() - model.window;
  const except = (references ?? []).flatMap((source) => ('since' in source ? [source] : []));
  return DATA_CLASSES.map((dataClass) => {
    const age = now.getTime() - keepOf(model, dataClass, keep);
    // Floor of a minute: summaries are by minute.
    const before = new Date(Math.floor(Math.min(age, unsettled, told) / 60_000) * 60_000);
    return { dataClass, before, except: dataClass === 'events' || dataClass === 'summaries' ? except : [] };
  });
}

/** For how long each class of a model's data is kept, and whether the model file says so. */
export function keptFor(
  model: Model,
  fallback: KeepFor,
): readonly { readonly dataClass: DataClass; readonly ms: number; readonly isOwn: boolean }[] {
  return DATA_CLASSES.map((dataClass) => {
    const isOwn = dataClass !== 'states' && model.keep[dataClass] !== undefined;
    return { dataClass, ms: keepOf(model, dataClass, fallback), isOwn };
  });
}

function keepOf({ keep }: Model, dataClass: DataClass, fallback: KeepFor): number {
  return (dataClass === 'states' ? undefined : keep[dataClass]) ?? fallback[dataClass];
}

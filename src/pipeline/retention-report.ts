import type { KeepFloors, KeepFor } from '../domain/record-class.js';
import { floorProblems } from '../domain/record-class.js';
import type { Model } from '../domain/model.js';
import { durationText } from '../domain/duration.js';
import type { LegalHold } from '../records/legal-holds.js';
import { unsettledFor } from './retention-plan.js';

/** A class of records: what it is, for how long it is kept, and the least. Null is for ever. */
export interface RecordClass {
  readonly name: string;
  readonly about: string;
  readonly keptMs: number | null;
  readonly floorMs: number | null;
  /** The least of models of high risk. */
  readonly highFloorMs: number | null;
}

/** What the classes are worked out from. */
export interface KeepTerms {
  readonly models: KeepFor;
  readonly deadLetters: number;
  readonly floors: KeepFloors;
}

const DAY = 86_400_000;

/** Everything that the store keeps, and for how long where no model file says otherwise. */
export function recordClasses({ models, deadLetters, floors }: KeepTerms): readonly RecordClass[] {
  const { all, high } = floors;
  const least = Math.max(all, high);
  const of = (name: string, about: string, keptMs: number | null, highFloorMs: number) => ({
    name,
    about,
    keptMs,
    floorMs: all,
    highFloorMs,
  });
  const fixed = (name: string, about: string, keptMs: number | null) => ({
    name,
    about,
    keptMs,
    floorMs: null,
    highFloorMs: null,
  });
  return [
    of('events', 'predictions and labels', models.events, least),
    of('summaries', 'sums by minute', models.summaries, all),
    of('results', 'results of checks', models.results, least),
    of('states', 'memory of detectors; the newest stays', models.states, all),
    of('dead_letters', 'refused events with their bytes', deadLetters, all),
    fixed('calls', 'halves of calls that wait for their other side', 3 * DAY),
    fixed('windows', 'the list of judged windows', null),
    fixed('ledger', 'decisions, verdicts, and what was deleted', null),
  ];
}

export interface RetentionFactsOfAll {
  readonly models: readonly Model[];
  readonly holds: readonly LegalHold[];
  readonly keep: KeepFor;
  readonly floors: KeepFloors;
}

/** What contradicts itself in how long things are to be kept, a sentence each. */
export function retentionRemarks({ models, holds, keep, floors }: RetentionFactsOfAll): readonly string[] {
  const known = new Set(models.map(({ key }) => key));
  return [
    ...models.flatMap((model) => [
      ...floorProblems(model, keep, floors).map(
        (problem) => `model ${model.key}: ${problem}; until then the longer holds`,
      ),
      ...shorterThanNeeded(model, keep),
    ]),
    ...holds.flatMap(({ id, model, person, days }) => [
      ...(model !== null && !known.has(model)
        ? [`hold ${id} is about the model "${model}", which nobody registered`]
        : []),
      ...(person !== null && days.length === 0
        ? [
            `hold ${id} is about a person of whom there was no row when it was placed: it keeps nothing from its age, only from erasure`,
          ]
        : []),
    ]),
  ];
}

function shorterThanNeeded(model: Model, keep: KeepFor): readonly string[] {
  const own = model.keep.events;
  const needed = unsettledFor(model);
  if (own === undefined || own >= needed || own === keep.events) return [];
  return [
    `model ${model.key}: keep.events ${durationText(own)} is less than the ${durationText(needed)} in which its rows and labels may still come in (accepts, lateness, labels): they are kept that long`,
  ];
}

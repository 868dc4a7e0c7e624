import { durationText } from './duration.js';
import type { Model, RiskTier } from './model.js';
import { riskTier } from './model.js';

/** Data of a model that is kept for a time of its own. The ledger and the list of judged windows are kept for ever. */
export const DATA_CLASSES = ['events', 'summaries', 'results', 'states'] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

/** For how long each is kept, ms. */
export type KeepFor = Readonly<Record<DataClass, number>>;

/** The least that what a model recorded has to be kept, ms: of every model, and of those of high risk. */
export interface KeepFloors {
  readonly all: number;
  readonly high: number;
}

/** Classes that are records of what a model did; the others are worked out from them and may be worked out again. */
const RECORDS: ReadonlySet<DataClass> = new Set(['events', 'results']);

/** The least that a class of a model is kept, ms. */
export function floorOf(tier: RiskTier, dataClass: DataClass, floors: KeepFloors): number {
  return tier === 'HIGH' && RECORDS.has(dataClass) ? Math.max(floors.all, floors.high) : floors.all;
}

/** How a class of a model's data is kept. */
export interface Kept {
  readonly dataClass: DataClass;
  /** As it is told, ms; never less is kept than the floor. */
  readonly ms: number;
  /** Said by the model file; else by the settings of the service. */
  readonly isOwn: boolean;
  readonly floorMs: number;
}

/** For how long each class of a model's data is kept, and by what. */
export function keptFor(model: Model, fallback: KeepFor, floors: KeepFloors): readonly Kept[] {
  const tier = riskTier(model.risk);
  return DATA_CLASSES.map((dataClass) => {
    const own = dataClass === 'states' ? undefined : model.keep[dataClass];
    const floorMs = floorOf(tier, dataClass, floors);
    return { dataClass, ms: own ?? fallback[dataClass], isOwn: own !== undefined, floorMs };
  });
}

/** By which rule a class goes, in words: `keep.events of the model file: 200d`. */
export function ruleOf({ dataClass, ms, isOwn, floorMs }: Kept): string {
  if (ms < floorMs) return `the least that it is kept: ${durationText(floorMs)}`;
  const said = isOwn ? `keep.${dataClass} of the model file` : `TIDEWATCH_KEEP_${dataClass.toUpperCase()}`;
  return `${said}: ${durationText(ms)}`;
}

/** What is wrong with how long a model's data is to be kept, a sentence each; none where nothing is. */
export function floorProblems(model: Model, fallback: KeepFor, floors: KeepFloors): readonly string[] {
  return keptFor(model, fallback, floors).flatMap(({ dataClass, ms, isOwn, floorMs }) => {
    if (ms >= floorMs) return [];
    const said = isOwn ? `keep.${dataClass}` : `TIDEWATCH_KEEP_${dataClass.toUpperCase()}`;
    const isHigh = floorMs > floors.all;
    const [setting, whose] = isHigh
      ? ['TIDEWATCH_KEEP_HIGH_AT_LEAST', 'records of a model of high risk']
      : ['TIDEWATCH_KEEP_AT_LEAST', 'data'];
    const fix = isOwn
      ? `write ${durationText(floorMs)} or more, or leave it out`
      : `raise it, or write keep: { ${dataClass}: ${durationText(floorMs)} } in the model file`;
    return [
      `${said}: ${durationText(ms)} is less than the ${durationText(floorMs)} that ${whose} are kept (${setting}): ${fix}`,
    ];
  });
}

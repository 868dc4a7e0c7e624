import { Model } from '../../../src/domain/model.js';

/** What a model's file says beside its key and window. */
export type ModelFields = Readonly<Record<string, unknown>>;

/** One row of an hour, before it is an event: its features and outputs, and what was right. */
export interface FleetRow {
  readonly features: Readonly<Record<string, number | string | boolean | null>>;
  readonly prediction: Readonly<Record<string, unknown>>;
  readonly truth: string | number;
}

/** What of the calendar a row may depend on. */
export interface RowTime {
  /** Hour of the day, UTC, and day of the week from Monday = 0. */
  readonly hour: number;
  readonly weekday: number;
}

/** A kind of model: what it is asked, how much, and how its answers are known. */
export interface FleetKind {
  readonly name: string;
  readonly file: ModelFields;
  /** Rows in an hour. */
  readonly volume: (at: RowTime) => number;
  readonly row: (at: RowTime, random: () => number) => FleetRow;
  /** How long after a row its label comes, in hours; null where none does. */
  readonly labelAfter: ((random: () => number) => number | null) | null;
  /** Rows come as they happen, or a day of them at its end. */
  readonly batch: boolean;
  /** Whether a broken version on trial and a broken staging stand beside it. */
  readonly beside: boolean;
  /** The fault that may be planted, by the feature in which it is to be found. */
  readonly fault: FleetFault;
}

export interface FleetFault {
  readonly name: string;
  readonly feature: string;
  /** What a row becomes. */
  readonly broken: (row: FleetRow, random: () => number) => FleetRow;
  /** Windows in which it is to be found. */
  readonly within: number;
}

/** A model of the fleet. Days count from the start of the run. */
export interface FleetModel {
  readonly key: string;
  readonly kind: FleetKind;
  /** Its first row. */
  readonly fromDay: number;
  /** Whether its first days come in one go. */
  readonly backfilled: boolean;
}

/** What the service reads its file as. */
export function parsed({ key, kind }: FleetModel): Model {
  return Model.parse({ key, ...kind.file });
}

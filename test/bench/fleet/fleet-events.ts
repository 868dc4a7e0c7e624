import { generator } from '../detection/generator.js';
import type { FleetModel, FleetRow, RowTime } from './fleet-model.js';

export const HOUR = 3_600_000;
/** A Monday. */
export const FLEET_START = Date.UTC(2026, 2, 2);

/** Predictions of an hour, and the labels that will come of them, with when. */
export interface HourOfEvents {
  readonly predictions: readonly object[];
  readonly labels: readonly DueLabel[];
}

export interface DueLabel {
  readonly dueAt: number;
  readonly event: object;
}

/** From when to when a model is broken, in hours from the start; `until` is open. */
export interface Broken {
  readonly from: number;
  readonly until: number;
}

/** The events of one model in one hour; the same seed gives the same. */
export function eventsOf(
  model: FleetModel,
  hour: number,
  { seed, broken }: { readonly seed: number; readonly broken: Broken | null },
): HourOfEvents {
  const { kind, key } = model;
  const random = generator(seed + 7919 * hashOf(key) + hour);
  const at = timeOf(hour);
  const rows = kind.volume(at);
  const faulty = broken !== null && hour >= broken.from && hour < broken.until;
  const predictions: object[] = [];
  const labels: DueLabel[] = [];
  for (let i = 0; i < rows; i += 1) {
    const row = kind.row(at, random);
    const ts = FLEET_START + hour * HOUR + Math.floor((i * HOUR) / rows);
    const id = `${key}-${hour}-${i}`;
    const said = faulty ? kind.fault.broken(row, random) : row;
    predictions.push(predictionOf(model, { id, ts, row: said, version: '1' }));
    const after = kind.labelAfter?.(random) ?? null;
    if (after !== null)
      labels.push({ dueAt: ts + after * HOUR, event: labelOf(model, id, ts + after * HOUR, row) });
  }
  return { predictions, labels };
}

/** What a broken version on trial and a broken staging send in an hour, beside the model. */
export function eventsBeside(model: FleetModel, hour: number, seed: number): readonly object[] {
  const { kind, key } = model;
  const random = generator(seed + 104_729 * hashOf(key) + hour);
  const at = timeOf(hour);
  const rows = kind.volume(at);
  return Array.from({ length: rows }, (_, i) => {
    const row = kind.fault.broken(kind.row(at, random), random);
    const ts = FLEET_START + hour * HOUR + Math.floor((i * HOUR) / rows);
    const shadow = predictionOf(model, { id: `${key}-s-${hour}-${i}`, ts, row, version: '2' });
    const staging = predictionOf(model, { id: `${key}-${hour}-${i}`, ts, row, version: '3' });
    return [shadow, { ...staging, environment: 'staging' }];
  }).flat();
}

interface Sent {
  readonly id: string;
  readonly ts: number;
  readonly row: FleetRow;
  readonly version: string;
}

function predictionOf({ key }: FleetModel, { id, ts, row, version }: Sent): object {
  const { features, prediction } = row;
  return { prediction_id: id, model: key, model_version: version, ts, features, prediction };
}

function labelOf({ key, kind }: FleetModel, id: string, at: number, { truth }: FleetRow): object {
  const said = kind.file['task'] === 'regression' ? { label: Number(truth) } : { label: truth };
  return { prediction_id: id, model: key, ts: Math.round(at), ...said };
}

/** What of the calendar an hour is, counted from the start. */
export function timeOf(hour: number): RowTime {
  return { hour: hour % 24, weekday: Math.floor(hour / 24) % 7 };
}

function hashOf(text: string): number {
  let hash = 0;
  for (const letter of text) hash = (hash * 31 + letter.charCodeAt(0)) % 65_521;
  return hash;
}

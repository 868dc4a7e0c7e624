import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Feature, generator, type Weather } from './generator.js';
import { WEATHERS } from './weathers.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 0, 5);
const REFERENCE_HOURS = 28 * 24;
/** Rows a write: the transposed values of a block stay small. */
const BLOCK = 50_000;

/** Level noise and seasons as in the realistic null stream; as many rows every hour, so that a row's time follows from its number. */
const WEATHER: Weather = { ...WEATHERS.realistic, diurnal: false };

/** Rows of 25 features: little-endian doubles one row after another, evenly spread over `hours` hours from `from`. */
export interface RowFile {
  readonly path: string;
  readonly rows: number;
  /** Epoch milliseconds. */
  readonly from: number;
  readonly hours: number;
}

/** The same rows for everyone who is timed: 28 days in which nothing drifts, and the hours after them, of other sizes. */
export interface ComparedRows {
  readonly features: readonly string[];
  readonly reference: RowFile;
  readonly current: readonly RowFile[];
  /** Removes the files. */
  remove(): void;
}

export interface RowSizes {
  /** Rows an hour of the reference. */
  readonly hourly: number;
  readonly current: readonly number[];
  readonly features?: number;
  /** Added to every value of the last hours, for tests: a drift nobody may miss. */
  readonly shift?: number;
}

/** Draws the rows from the seed and writes them to a new temporary directory. */
export function writeRows(
  { hourly, current, features = 25, shift = 0 }: RowSizes,
  seed: number,
): ComparedRows {
  const directory = mkdtempSync(join(tmpdir(), 'tidewatch-rows-'));
  const random = generator(seed);
  const sources = Array.from({ length: features }, (_, i) => new Feature(WEATHER, random, i));
  const names = sources.map((_, i) => `f${i}`);
  const path = join(directory, 'reference.f64');
  const file = openSync(path, 'w');
  for (let t = 0; t < REFERENCE_HOURS; t += 1) writeHour(file, sources, { t, rows: hourly, shift: 0 });
  closeSync(file);
  const reference = { path, rows: hourly * REFERENCE_HOURS, from: START, hours: REFERENCE_HOURS };
  return {
    features: names,
    reference,
    current: current.map((rows, i) => {
      const t = REFERENCE_HOURS + i;
      const own = join(directory, `hour-${i}.f64`);
      const hour = openSync(own, 'w');
      writeHour(hour, sources, { t, rows, shift });
      closeSync(hour);
      return { path: own, rows, from: START + t * HOUR, hours: 1 };
    }),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

function writeHour(
  file: number,
  sources: readonly Feature[],
  { t, rows, shift }: { readonly t: number; readonly rows: number; readonly shift: number },
): void {
  const drift = shift === 0 ? null : (value: number) => value + shift;
  const columns = sources.map((source) => source.draw(t, rows, drift));
  const width = columns.length;
  for (let at = 0; at < rows; at += BLOCK) {
    const count = Math.min(BLOCK, rows - at);
    const block = new Float64Array(count * width);
    columns.forEach((values, column) => {
      for (let row = 0; row < count; row += 1) block[row * width + column] = values[at + row] ?? NaN;
    });
    writeSync(file, new Uint8Array(block.buffer));
  }
}

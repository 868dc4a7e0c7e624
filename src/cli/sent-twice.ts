import { hashOf } from './pair-labels.js';
import type { SeenEvent } from './seen-event.js';

/** A client that tries again does so within this time. */
const SOON_MS = 120_000;
const ROWS_REMEMBERED = 1_000_000;
/** Rows of few values are alike by themselves: so many must be different. */
const DIFFERENT = 0.25;
/** Fewer, in parts of all rows, happen. */
const LEAST_COPIED = 0.01;
const LEAST_COPIES = 2;

interface Rows {
  readonly last: Map<number, { at: number; readonly id: string }>;
  seen: number;
}

/** Predictions that say the same as another one of about the same time, under another id. */
export class SentTwice {
  private readonly models = new Map<string, Rows>();

  /** Whether this is such a copy. */
  isCopy({ model, id, at, fields }: SeenEvent): boolean {
    const rows = this.models.get(model) ?? { last: new Map(), seen: 0 };
    this.models.set(model, rows);
    rows.seen += 1;
    const { features, prediction, model_version: version, environment, subject } = fields;
    if (rows.seen > ROWS_REMEMBERED || features === undefined || prediction === undefined) return false;
    const content = hashOf(JSON.stringify([features, prediction, version, environment, subject]));
    const before = rows.last.get(content);
    rows.last.set(content, { at, id });
    return before !== undefined && before.id !== id && Math.abs(at - before.at) <= SOON_MS;
  }

  /** Whether so many copies are more than rows that happen to be alike. */
  areTold(model: string, copies: number): boolean {
    const { last, seen = 0 } = this.models.get(model) ?? {};
    if (!last || copies < LEAST_COPIES) return false;
    const looked = Math.min(seen, ROWS_REMEMBERED);
    return copies >= LEAST_COPIED * looked && last.size >= DIFFERENT * looked;
  }
}

import { rowsOfMinutes, type EntryRows } from './book-entry.js';

/** How many rows came later than their model allows, since the process that judges it began. */
export class RowsTooLate {
  private readonly byModel = new Map<string, number>();
  /** Of all models. */
  all = 0;

  of(model: string): number {
    return this.byModel.get(model) ?? 0;
  }

  /** Counts new rows of some minutes, epoch ms; what an earlier process was given is none of them, and was counted by it. */
  count(model: string, beyond: readonly number[], { minutes, sources }: EntryRows): void {
    const fresh = new Set(minutes);
    const own = beyond.filter((minute) => fresh.has(minute / 1000));
    if (own.length === 0) return;
    const rows = rowsOfMinutes(own, sources);
    this.all += rows;
    this.byModel.set(model, this.of(model) + rows);
  }
}

import type { Cell, TableColumn } from './table.js';

/** Fields of an event that hold others. */
const NESTED = new Set(['features', 'prediction', 'segment', 'protected', 'attributions', 'tags']);

/** The columns of a file that are found as its values are read. */
export class ColumnPlaces {
  readonly columns: TableColumn[] = [];
  private readonly places = new Map<string, number>();

  /** Puts a field where its column is; what an event nests becomes columns of its own. */
  put(cells: Cell[], name: string, value: unknown): void {
    if (!NESTED.has(name) || typeof value !== 'object' || value === null || Array.isArray(value))
      cells[this.of([name])] = value as Cell;
    else for (const [key, inner] of Object.entries(value)) cells[this.of([name, key])] = inner as Cell;
  }

  /** The place of a column, which is made when it is new. */
  of(path: readonly string[]): number {
    const key = path.length === 1 ? (path[0] as string) : path.join('\0');
    const known = this.places.get(key);
    if (known !== undefined) return known;
    this.places.set(key, this.columns.length);
    this.columns.push({ name: path.join('.'), path });
    return this.columns.length - 1;
  }
}

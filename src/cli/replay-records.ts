/** One line or row: most are one event, a row of a table may be a prediction and its label, or nothing. */
export interface FileRecord {
  readonly events: readonly Buffer[];
  /** Lines or rows of the file up to and with this one. */
  readonly position: number;
}

/** Records as they come from the disk. */
export interface Piece {
  readonly records: readonly FileRecord[];
  /** What their positions count. */
  readonly unit: 'line' | 'row' | 'event';
  /** How much of the file is read, 0 to 1; null when unknown. */
  readonly done: number | null;
}

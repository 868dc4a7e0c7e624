import type { BenchReport, BenchTable } from '../report.js';

/** What one part of the bench found. */
export interface Part {
  readonly table: BenchTable;
  readonly numbers: BenchReport['numbers'];
  readonly note: string;
}

export interface Terms {
  readonly size: 'quick' | 'full';
  readonly say: (text: string) => void;
}

import type { RowSource } from './row-source.js';

/** The calls of a reference, failed ones too, and which parts of the service their rows speak of. */
export interface ReferenceCalls {
  readonly source: RowSource;
  readonly knows: Readonly<Record<'failed' | 'slow', boolean>>;
}

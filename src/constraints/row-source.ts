import type { QueryOptions } from '../store/database.js';

/** Rows of the shape of `predictions`: a FROM clause with its WHERE, and the parameters it binds. */
export interface RowSource {
  readonly from: string;
  readonly params: NonNullable<QueryOptions['params']>;
}

import type { Folds } from './folds.js';
import type { Ledger } from './ledger/ledger.js';
import type { Names } from './registry/names.js';
import type { Replicas } from './replicas/replicas.js';
import type { LiveChannels } from './live-channels.js';
import type { Database } from './store/database.js';

/** What everything else of a service is built on. */
export interface Ground {
  readonly database: Database;
  readonly ledger: Ledger;
  readonly folds: Folds;
  readonly replicas: Replicas;
  readonly live: LiveChannels;
  /** What tokens of training jobs are derived from. */
  readonly callbackSecret: string;
  readonly names: Names;
}

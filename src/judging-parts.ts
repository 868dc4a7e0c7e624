import { Backlog } from './pipeline/backlog.js';
import { JudgementRepository } from './pipeline/judgement.repository.js';
import type { Stages } from './pipeline/stages.js';
import type { Database } from './store/database.js';
import type { Log } from './telemetry/log.js';
import { WindowBook } from './windows/window-book.js';
import { WindowTotals } from './windows/window-totals.js';
import { WindowRepository } from './windows/window.repository.js';

interface Surroundings {
  readonly database: Database;
  readonly log: Log;
  /** The longest that a window stays open for rows that come behind later ones, ms. */
  readonly graceMs: number;
}

/** What knows, reads and stores judged windows, and what waits to be part of one. */
export function judgingParts({
  database,
  log,
  graceMs,
}: Surroundings): Pick<Stages, 'book' | 'windows' | 'windowTotals' | 'judgements' | 'backlog'> {
  return {
    backlog: new Backlog(),
    book: new WindowBook(graceMs),
    windows: new WindowRepository(database),
    windowTotals: new WindowTotals(database),
    judgements: new JudgementRepository(database, (problem, about) => log.warn(problem, about)),
  };
}

import type { Database } from '../store/database.js';
import { sqlMillisecond } from '../store/sql-time.js';
import type { Monitoring } from '../domain/monitoring.js';

/** What a model says of itself, with its labels that match no prediction. */
export interface SaidOfModel {
  readonly model: string;
  readonly monitoring: Monitoring;
  readonly unmatched: number;
}

/** Learning counts every window; of a state that stays, a line an hour is enough. */
const SAID_AGAIN_AFTER_MS = 3_600_000;

/** What models said of their monitoring, for dashboards: a line whenever it changed. */
export class MonitoringRepository {
  private readonly said = new Map<
    string,
    { readonly state: string; readonly text: string; readonly at: number }
  >();

  constructor(private readonly database: Database) {}

  /** Keeps what is news of these models. */
  async save(models: readonly SaidOfModel[], now: Date): Promise<void> {
    const rows = models.flatMap((one) => (this.isNews(one, now) ? [rowOf(one, now)] : []));
    if (rows.length > 0) await this.database.insert('monitoring', rows);
  }

  private isNews({ model, monitoring, unmatched }: SaidOfModel, now: Date): boolean {
    const before = this.said.get(model);
    const text = JSON.stringify([monitoring, unmatched]);
    const [at, { state }] = [now.getTime(), monitoring];
    if (before?.text === text) return false;
    if (before?.state === state && at - before.at < SAID_AGAIN_AFTER_MS) return false;
    this.said.set(model, { state, text, at });
    return true;
  }
}

function rowOf({ model, monitoring, unmatched }: SaidOfModel, now: Date): object {
  const { state, reason, windowsLearnt, windowsNeeded, armed, learning, uncalibratable } = monitoring;
  return {
    model,
    said_at: sqlMillisecond(now),
    state,
    reason: reason ?? '',
    windows_learnt: windowsLearnt,
    windows_needed: windowsNeeded,
    armed,
    learning,
    uncalibratable,
    expected_false_alerts: monitoring.expectedFalseAlerts,
    labels_unmatched: unmatched,
  };
}

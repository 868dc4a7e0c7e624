import type { Database } from '../store/database.js';
import { Turns } from './in-turns.js';
import { sqlMillisecond } from '../store/sql-time.js';
import type { Monitoring } from '../domain/monitoring.js';

/** What a model says of itself, with its labels that match no prediction. */
export interface SaidOfModel {
  readonly model: string;
  readonly monitoring: Monitoring;
  /** Null until labels were held against predictions. */
  readonly unmatched: number | null;
}

/** Of a model that another process judges, before that one has said anything. */
export const UNSAID: Monitoring = {
  state: 'NO_DATA',
  reason: 'the process that judges it has not said yet how far it is',
  windowsLearnt: 0,
  windowsNeeded: 0,
  armed: 0,
  learning: 0,
  tooFewWindows: 0,
  uncalibratable: 0,
  expectedFalseAlerts: null,
  heldAgainst: null,
  labels: null,
};

/** Learning counts every window; of a state that stays, a line a minute is enough. */
const SAID_AGAIN_AFTER_MS = 60_000;

const NEWEST = `SELECT model, state, nullIf(reason, '') AS reason, windows_learnt AS windowsLearnt, windows_needed AS windowsNeeded,
    armed, learning, too_few_windows AS tooFewWindows, uncalibratable, expected_false_alerts AS expectedFalseAlerts, nullIf(labels, '') AS labels
  FROM v_monitoring`;

/** What models said of their monitoring, for dashboards: a line whenever it changed. */
export class MonitoringRepository {
  private readonly said = new Map<
    string,
    { readonly state: string; readonly text: string; readonly at: number }
  >();

  private reading: Promise<ReadonlyMap<string, Monitoring>> | null = null;

  constructor(private readonly database: Database) {}

  /** What every model said last, by key; who asks meanwhile gets the same answer. */
  async newest(): Promise<ReadonlyMap<string, Monitoring>> {
    this.reading ??= this.read().finally(() => (this.reading = null));
    return this.reading;
  }

  /** Keeps what is news of these models. Those whose state is another than this process last said of them, or that it says something of for the first time. */
  async save(models: readonly SaidOfModel[], now: Date): Promise<readonly SaidOfModel[]> {
    const [turned, rows]: [SaidOfModel[], object[]] = [[], []];
    const turns = new Turns();
    for (const one of models) {
      await turns.next();
      if (this.said.get(one.model)?.state !== one.monitoring.state) turned.push(one);
      if (this.isNews(one, now)) rows.push(rowOf(one, now));
    }
    if (rows.length > 0) await this.database.insert('monitoring', rows);
    return turned;
  }

  private async read(): Promise<ReadonlyMap<string, Monitoring>> {
    const rows = await this.database.query<Monitoring & { readonly model: string }>(NEWEST);
    return new Map(rows.map(({ model, ...monitoring }) => [model, monitoring]));
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
  const { state, reason, windowsLearnt, windowsNeeded, armed, learning, tooFewWindows, uncalibratable } = monitoring; // prettier-ignore
  return {
    model,
    said_at: sqlMillisecond(now),
    state,
    reason: reason ?? '',
    windows_learnt: windowsLearnt,
    windows_needed: windowsNeeded,
    armed,
    learning,
    too_few_windows: tooFewWindows,
    uncalibratable,
    expected_false_alerts: monitoring.expectedFalseAlerts,
    labels: monitoring.labels ?? '',
    labels_unmatched: unmatched,
  };
}

import type { Database } from '../store/database.js';

/** What a process tells the others of itself with every beat. */
export interface ReplicaReport {
  /** Models that are its own, and versions of them that share the fleet's budget. */
  readonly models: number;
  readonly paying: number;
  /** Until when everything that was sent to it is stored, epoch ms. */
  readonly heardUntil: number;
  /** Arrivals up to here are summarised, epoch ms by the store's clock. */
  readonly scannedTo: number;
  /** What its models cannot do, as JSON. */
  readonly standing: string;
}

/** The newest report of a process, and how old it is by the store's clock. */
export interface ReplicaRow extends ReplicaReport {
  /** Newest change of the members that it has taken up its models for. */
  readonly epoch: number;
  readonly id: string;
  readonly name: string;
  readonly ageMs: number;
}

const ROWS = `SELECT id, name, epoch, models, paying, heard_until AS heardUntil, scanned_to AS scannedTo, standing,
    toUnixTimestamp64Milli(now64(3)) - toUnixTimestamp64Milli(beat_at) AS ageMs
  FROM replicas FINAL ORDER BY id`;

/** The table in which processes say that they are there. Its times are the store's, so that no clock of a process counts. */
export class ReplicaTable {
  constructor(private readonly database: Database) {}

  async write(id: string, name: string, report: ReplicaReport & Pick<ReplicaRow, 'epoch'>): Promise<void> {
    const { heardUntil, scannedTo, ...same } = report;
    await this.database.insert('replicas', [
      { id, name, ...same, heard_until: heardUntil, scanned_to: scannedTo },
    ]);
  }

  async read(): Promise<readonly ReplicaRow[]> {
    return this.database.query<ReplicaRow>(ROWS);
  }
}

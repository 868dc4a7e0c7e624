import type { Database } from '../store/database.js';
import type { Keys } from './keys.js';

/** How often it is written down that a key was used again. */
const USE_NOTED_MS = 10 * 60_000;

/** When keys were last used, kept across restarts and shared by all processes of a store: to within ten minutes, and to the moment where a process stops in order. */
export class KeyUses {
  /** Epoch ms by key, as the store has it. */
  private readonly stored = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly keys: Pick<Keys, 'uses' | 'recall'>,
  ) {}

  /** Takes in what this and other processes have written. */
  async load(): Promise<void> {
    const rows = await this.database.query<{ id: string; used: number | string }>(
      'SELECT id, toUnixTimestamp64Milli(max(used_at)) AS used FROM key_uses GROUP BY id',
    );
    for (const { id, used } of rows) {
      this.stored.set(id, Number(used));
      this.keys.recall(id, new Date(Number(used)));
    }
  }

  /** Writes the uses that are not in the store: those ten minutes newer than what is, or with `all` every one. */
  async write(all = false): Promise<void> {
    const least = all ? 1 : USE_NOTED_MS;
    const due = [...this.keys.uses()].filter(
      ([id, at]) => at.getTime() - (this.stored.get(id) ?? 0) >= least,
    );
    if (due.length === 0) return;
    await this.database.insert(
      'key_uses',
      due.map(([id, used_at]) => ({ id, used_at })),
    );
    for (const [id, at] of due) this.stored.set(id, at.getTime());
  }
}

import type { Database } from '../store/database.js';

/** Keyed hashes of the predictions that were erased, so that what comes about them later is known; the store has them, and memory. */
export class ErasedPredictions {
  private readonly hashes = new Set<string>();
  private loaded = -1;

  constructor(private readonly database: Database) {}

  has(hash: string): boolean {
    return this.hashes.has(hash);
  }

  /** Reads what any process of the store has added; nothing where `version` was read already. */
  async follow(version: number): Promise<void> {
    if (this.loaded === version) return;
    const rows = await this.database.query<{ hash: string }>('SELECT DISTINCT hash FROM erased_predictions');
    for (const { hash } of rows) this.hashes.add(hash);
    this.loaded = version;
  }

  async add(hashes: readonly string[], erasure: string): Promise<void> {
    await this.database.insert(
      'erased_predictions',
      hashes.map((hash) => ({ hash, erasure })),
    );
    for (const hash of hashes) this.hashes.add(hash);
  }
}

import { randomBytes } from 'node:crypto';
import type { RawEvent, Rejection } from '../../domain/event.js';
import type { Database } from '../../store/database.js';
import { LANDING_SETTINGS, LANDING_TABLE, landingColumns } from './landing-columns.js';
import { saveModelRules, type ModelRule } from './model-rule.js';
import { rejectedBy } from './rejected-by.js';
import { storePlain } from './store-plain.js';

/** Events into their tables, under the rules of models that stand in the store. */
export class Landing {
  private loading: Promise<void> | null = null;
  /** As they stand in the store. */
  private ruleOf: ReadonlyMap<string, ModelRule> = new Map();

  constructor(
    private readonly database: Database,
    private readonly rules: () => readonly ModelRule[],
  ) {}

  /** The registry changed: the rules are read and written again before the next events. */
  rulesChanged(): void {
    this.loading = null;
  }

  /** Resolves when the rules in the store are the newest. Throws DatabaseError. */
  async loadRules(): Promise<void> {
    const loading = (this.loading ??= this.saveRules());
    try {
      await loading;
    } catch (error) {
      if (this.loading === loading) this.loading = null;
      throw error;
    }
    // the registry changed while the rules were being written
    if (this.loading !== loading) await this.loadRules();
  }

  /** Resolves with what was refused; of that the beginning is kept, if not the `whole`: an odd number of the batch says so. Throws DatabaseError. */
  async land(events: readonly RawEvent[], whole: boolean): Promise<readonly Rejection[]> {
    if (await storePlain(this.database, events, (model) => this.ruleOf.get(model))) return [];
    const batch = (randomBytes(8).readBigUInt64LE() & ~1n) | (whole ? 0n : 1n);
    await this.database.insertColumns(LANDING_TABLE, landingColumns(events, batch), {
      settings: LANDING_SETTINGS,
      timeoutMs: 120_000,
    });
    return rejectedBy(this.database, batch, events);
  }

  private async saveRules(): Promise<void> {
    const rules = this.rules();
    await saveModelRules(this.database, rules);
    this.ruleOf = new Map(rules.map((rule) => [rule.key, rule]));
  }
}

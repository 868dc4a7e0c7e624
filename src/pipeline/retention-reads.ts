import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { Model } from '../domain/model.js';
import { keptFor, type Kept } from '../domain/record-class.js';
import type { LegalHold } from '../records/legal-holds.js';
import { recordClasses, retentionRemarks, type KeepTerms, type RecordClass } from './retention-report.js';
import type { Retention } from './retention.js';
import type { Stages } from './stages.js';

/** For how long everything is kept. */
export interface RetentionReport {
  readonly terms: KeepTerms;
  readonly classes: readonly RecordClass[];
  /** What contradicts itself, a sentence each. */
  readonly remarks: readonly string[];
  /** When old data goes next. */
  readonly nextAt: Retention['nextAt'];
}

/** For how long things are kept, what was deleted and what may not be, for whoever looks. */
export class RetentionReads {
  constructor(
    private readonly stages: Pick<Stages, 'ledger' | 'legalHolds' | 'registry'>,
    private readonly terms: KeepTerms,
    private readonly retention: Pick<Retention, 'nextAt'>,
  ) {}

  report(): RetentionReport {
    const { terms } = this;
    const models = this.stages.registry.models().map(({ model }) => model);
    const holds = this.stages.legalHolds.inForce();
    const remarks = retentionRemarks({ models, holds, keep: terms.models, floors: terms.floors });
    return { terms, classes: recordClasses(terms), remarks, nextAt: this.retention.nextAt };
  }

  /** Entries of deletions, of a period or the newest. */
  async deletions(
    asked: { readonly limit: number } & Partial<Record<'since' | 'until', Date>> & {
        readonly newestFirst?: boolean;
      },
  ): Promise<readonly LedgerEntry[]> {
    const found = await this.stages.ledger.read({ actions: ['data.deleted'], ...asked });
    return found.filter(({ isRefused }) => !isRefused);
  }

  holds(): readonly LegalHold[] {
    return this.stages.legalHolds.list();
  }

  /** For how long the data of one model is kept. */
  keptFor(model: Model): readonly Kept[] {
    return keptFor(model, this.terms.models, this.terms.floors);
  }

  /** Holds that keep data of a model. */
  holdsOn(model: string): readonly string[] {
    return [...new Set(this.stages.legalHolds.spansOf(model).map(({ hold }) => hold))];
  }
}

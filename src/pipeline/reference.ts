import { fitBaselineInSteps } from '../checks/fit-baseline.js';
import type { FittedBaseline } from '../checks/fitted-baseline.js';
import type { Baseline } from '../domain/baseline.js';
import type { Model } from '../domain/model.js';
import type { BaselineRepository } from '../profiles/baseline.repository.js';
import type { RegisteredModel } from '../registry/registry.js';
import { inTurns } from './in-turns.js';

/** What a model is held against: its frozen baseline and the seasonal models fitted on it; both null while it is learning. */
export interface Reference {
  readonly baseline: Baseline | null;
  readonly fitted: FittedBaseline | null;
}

const LEARNING: Reference = { baseline: null, fitted: null };

/** The references in force, fitted once each. Which baseline is in force is in the ledger; the fit follows from it alone. */
export class References {
  private readonly fitted = new Map<string, Promise<Reference>>();

  constructor(private readonly baselines: BaselineRepository) {}

  async of(registered: RegisteredModel): Promise<Reference> {
    const { model, baseline } = registered;
    if (!baseline) return LEARNING;
    // A changed time zone or task changes the fit, not the baseline.
    const key = `${baseline.id}\0${model.window}\0${model.timezone}\0${JSON.stringify([model.features, model.strict])}`;
    const known = this.fitted.get(key);
    if (known) return known;
    const made = this.load(model, baseline.id);
    this.fitted.set(key, made);
    made.catch(() => this.fitted.delete(key));
    return made;
  }

  private async load(model: Model, id: string): Promise<Reference> {
    const baseline = await this.baselines.load(id);
    return { baseline, fitted: await inTurns(fitBaselineInSteps(model, baseline)) };
  }
}

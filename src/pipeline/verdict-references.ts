import { fitBaselineInSteps } from '../checks/fit-baseline.js';
import { withLabels } from '../domain/baseline.js';
import { isEstimateRule } from '../domain/estimate-of.js';
import type { Model } from '../domain/model.js';
import type { BaselineRepository } from '../profiles/baseline.repository.js';
import { withHolidays } from '../registry/holidays.js';
import type { RegisteredModel } from '../registry/registry.js';
import { inTurns } from './in-turns.js';
import type { Reference } from './reference.js';
import { estimatedBy, estimateOf } from './version-estimate.js';

/** A reference that verdicts are judged again with, and why it is not the one that was pinned; null where it is. */
export interface CheckedReference {
  readonly reference: Reference;
  readonly problem: string | null;
}

const LEARNING: CheckedReference = { reference: { baseline: null, fitted: null }, problem: null };
/** Inputs and labels of two models; a fit takes a second. */
const MOST = 4;

/**
 * References read from the store and fitted for judging again. One is kept only as long as the store holds the very text that it was read
 * from: an edit of the store is read again, and shows in the fingerprint.
 */
export class VerdictReferences {
  private readonly held = new Map<string, Promise<CheckedReference>>();

  constructor(private readonly baselines: BaselineRepository) {}

  /** What a model was held against. Throws LostBaseline. */
  async of(registered: RegisteredModel): Promise<CheckedReference> {
    const checked = await this.checked(registered);
    const { baseline, fitted } = checked.reference;
    const estimate = baseline && estimateOf(registered, baseline);
    if (!baseline || !estimate) return checked;
    // read anew each time: an edit of the store must show
    const own = estimate === 'none' ? null : await this.baselines.loadWithFingerprint(estimate.id);
    const problem = checked.problem ?? (own && changeOf(own));
    const rules = own?.baseline.rules.filter(isEstimateRule) ?? [];
    return { reference: estimatedBy(baseline, fitted, rules), problem };
  }

  private async checked({ model, baseline }: RegisteredModel): Promise<CheckedReference> {
    if (!baseline) return LEARNING;
    const labels = baseline.labels?.id ?? null;
    const ids = labels === null ? [baseline.id] : [baseline.id, labels];
    const contents = await Promise.all(ids.map(async (id) => this.baselines.contentDigest(id)));
    const key = JSON.stringify([ids, contents, model]);
    const known = this.held.get(key);
    if (known) return known;
    const made = this.read(model, baseline.id, labels);
    this.held.set(key, made);
    made.catch(() => this.held.delete(key));
    const [oldest] = this.held.keys();
    if (this.held.size > MOST && oldest !== undefined) this.held.delete(oldest);
    return made;
  }

  private async read(model: Model, id: string, labels: string | null): Promise<CheckedReference> {
    const own = await this.baselines.loadWithFingerprint(id);
    const taught = labels === null ? null : await this.baselines.loadWithFingerprint(labels);
    const problem = changeOf(own) ?? (taught && changeOf(taught));
    const baseline = taught ? withLabels(own.baseline, taught.baseline) : own.baseline;
    const fitted = await inTurns(fitBaselineInSteps(withHolidays(model), baseline));
    return { reference: { baseline, fitted }, problem };
  }
}

type Loaded = Awaited<ReturnType<BaselineRepository['loadWithFingerprint']>>;

/** In what the stored content of a reference is not what was pinned; null where it is. */
function changeOf({ baseline: { id, fingerprint }, found }: Loaded): string | null {
  if (found === fingerprint) return null;
  return `reference: the content of ${id} has the fingerprint ${found}, and it was pinned as ${fingerprint}`;
}

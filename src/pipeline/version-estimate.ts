import type { FittedBaseline } from '../checks/fitted-baseline.js';
import { fittedWithEstimate, withEstimate } from '../checks/with-estimate.js';
import { isEstimateRule, type EstimateRule } from '../domain/estimate-of.js';
import type { Baseline } from '../domain/baseline.js';
import type { BaselineRepository, NamedBaseline } from '../profiles/baseline.repository.js';
import type { LearntCalibration, RegisteredModel } from '../registry/registry.js';

/** What windows are held against. */
interface Reference {
  readonly baseline: Baseline | null;
  readonly fitted: FittedBaseline | null;
}

type Held = Pick<RegisteredModel, 'asVersion' | 'calibrations' | 'baseline' | 'versions'>;

/** By what a version's answers are estimated: as the reference taught it (null), by what its own labels taught, or not at all. */
export type EstimateOf = LearntCalibration | 'none' | null;

/**
 * Whose calibration counts for a version. That of the reference, where its answers taught it; where the reference does not know whose they were, as
 * with a file, it is who answered when it was pinned, or else first. Pure.
 */
export function estimateOf(registered: Held, baseline: Pick<Baseline, 'id' | 'rules'>): EstimateOf {
  const { asVersion, calibrations } = registered;
  const taught = baseline.rules.find(isEstimateRule)?.taughtBy;
  if (asVersion === undefined || !taught) return null;
  const teachers = taught.versions ?? [answererOf(registered) ?? asVersion];
  if (teachers.includes(asVersion)) return null;
  const own = calibrations.get(asVersion);
  return own?.baseline === baseline.id ? own : 'none';
}

function answererOf({ baseline, versions }: Held): string | null {
  const first = versions
    .filter(({ answersSince }) => answersSince !== null)
    .toSorted((a, b) => (a.answersSince?.getTime() ?? 0) - (b.answersSince?.getTime() ?? 0))[0];
  return baseline?.answering ?? first?.version ?? null;
}

/** A reference as a version is judged by it whose own labels taught these rules; none where they taught nothing. Pure. */
export function estimatedBy(
  baseline: Baseline,
  fitted: FittedBaseline | null,
  own: readonly EstimateRule[],
): Reference {
  return {
    baseline: withEstimate(baseline, own),
    fitted: fitted && fittedWithEstimate(fitted, baseline, own),
  };
}

/** A reference as one of its versions is judged by it: the same object for the same reference and the same calibration. */
export class VersionEstimates {
  private readonly made = new WeakMap<Baseline, Map<string, Reference>>();
  /** What labels of versions taught, by id; read once. */
  private readonly rules = new Map<string, readonly EstimateRule[] | Promise<readonly EstimateRule[]>>();

  constructor(private readonly baselines: Pick<BaselineRepository, 'loadAsPinned'>) {}

  /** Throws LostBaseline and ChangedBaseline. */
  async of(registered: RegisteredModel, reference: Reference): Promise<Reference> {
    const { baseline } = reference;
    const estimate = baseline && estimateOf(registered, baseline);
    if (estimate && estimate !== 'none') await this.rulesOf(estimate);
    return this.ready(registered, reference) ?? reference;
  }

  /** Null while what its labels taught is being read. */
  ready(registered: RegisteredModel, reference: Reference): Reference | null {
    const { baseline, fitted } = reference;
    const estimate = baseline && estimateOf(registered, baseline);
    if (!baseline || !estimate) return reference;
    const id = estimate === 'none' ? '' : estimate.id;
    const own = estimate === 'none' ? [] : this.rules.get(id);
    if (!own || own instanceof Promise) {
      if (!own && estimate !== 'none') this.rulesOf(estimate).catch(() => this.rules.delete(id));
      return null;
    }
    const place = fitted ? id : `${id}\0unfitted`;
    const known = this.made.get(baseline) ?? new Map<string, Reference>();
    const view = known.get(place) ?? estimatedBy(baseline, fitted, own);
    this.made.set(baseline, known.set(place, view));
    return view;
  }

  private async rulesOf(learnt: NamedBaseline): Promise<readonly EstimateRule[]> {
    const { id } = learnt;
    const known = this.rules.get(id);
    if (known) return known;
    const reading = this.baselines
      .loadAsPinned(learnt, null)
      .then(({ rules }) => rules.filter(isEstimateRule));
    this.rules.set(id, reading);
    try {
      const read = await reading;
      this.rules.set(id, read);
      return read;
    } catch (error) {
      this.rules.delete(id);
      throw error;
    }
  }
}

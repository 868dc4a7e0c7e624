import type { FittedBaseline } from '../checks/fitted-baseline.js';
import { needsLabels } from '../checks/later-labels.js';
import type { Baseline } from '../domain/baseline.js';
import { isOfInputs } from './own-reference.js';

/** What of a reference says whether anything is to be done with it: small enough to be remembered of those that are not held. */
export interface ReferenceTerms {
  readonly silenceMs: number | null;
  /** Performance is still to be learnt, from labels that come later. */
  readonly awaitsLabels: boolean;
}

/** How long a silence is a finding by a reference, ms; null where none is. */
export function silenceOf(baseline: Baseline | null): number | null {
  return baseline?.rules.find((rule) => rule.rule === 'arrives')?.withinMs ?? null;
}

/** The terms of a fitted reference. Pure. */
export function termsOf(baseline: Baseline, { series }: FittedBaseline): ReferenceTerms {
  const { labels, source } = baseline;
  // What is held against its inputs alone learns what it answers with all the rest.
  const mayLearn = !labels && !isOfInputs(source);
  return {
    silenceMs: silenceOf(baseline),
    awaitsLabels:
      mayLearn &&
      series.some((one) => needsLabels(one) && one.status === 'learning' && one.waits === undefined),
  };
}

import type { Detector } from '../domain/detector.js';
import type { Model } from '../domain/model.js';
import type { CompiledPolicy } from './compiled-policy.js';
import { modelFacts } from './facts.js';

/** A detector that a rule asks for, and the segments it is to read (`key=value`, or a beginning that ends in `*`); none: all rows. */
export interface DetectorRule {
  readonly detector: Detector;
  readonly segments: readonly string[];
}

/** The detectors that policies about a model ask for. */
export function detectorRules(policies: readonly CompiledPolicy[], model: Model): readonly DetectorRule[] {
  const facts = { model: modelFacts(model) };
  return policies
    .filter(({ rules }) => rules.some(({ detector }) => detector !== null))
    .filter(({ appliesTo }) => appliesTo(facts) !== false)
    .flatMap(({ rules }) =>
      rules.flatMap(({ detector, segments }) => (detector ? [{ detector, segments }] : [])),
    );
}

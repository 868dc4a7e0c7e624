import type { Column } from '../domain/multivariate-rule.js';
import type { FeatureProfile } from '../domain/profile.js';
import { correlationComponent } from '../stats/correlation-component.js';
import type { ExplainContext } from './explain-context.js';
import { centredMoments } from './moments.js';

/** In reference standard deviations, in ln of the spread, or on Fisher's scale: less is not worth naming. */
const LEAST = 0.2;
const NAMED = 3;

interface Moved {
  readonly names: readonly string[];
  readonly by: number;
}

/** The numeric features of a rule whose mean or spread has moved most, as far as that can be seen of each alone. */
export function movedFeatures(columns: readonly Column[], context: ExplainContext): readonly string[] {
  const moved = columns.flatMap(({ feature }): Moved[] => {
    const before = momentsOf(context.baseline.reference.features[feature]);
    const now = momentsOf(context.profile.features[feature]);
    if (!before || !now || !(before.sd > 0)) return [];
    const shift = Math.abs(now.mean - before.mean) / before.sd;
    return [
      { names: [feature], by: Math.max(shift, Math.abs(Math.log(Math.max(now.sd, 1e-9) / before.sd))) },
    ];
  });
  return strongest(moved, NAMED);
}

/** The two features whose correlation has changed most, of the pairs that are watched. */
export function movedPair({ baseline, profile }: ExplainContext): readonly string[] {
  const moved = baseline.rules.flatMap((rule): Moved[] => {
    if (rule.rule !== 'correlation') return [];
    const [before, now] = [baseline.reference.measures[rule.name], profile.measures[rule.name]];
    if (before?.kind !== 'pair' || now?.kind !== 'pair') return [];
    const [was, is] = [correlationComponent(before), correlationComponent(now)];
    return was && is ? [{ names: [rule.a.feature, rule.b.feature], by: Math.abs(is.y - was.y) }] : [];
  });
  return strongest(moved, 1);
}

/** On one baseline: a difference of means needs no centre. */
const momentsOf = (profile: FeatureProfile | undefined) =>
  profile?.kind === 'numeric' ? centredMoments(profile) : null;

function strongest(moved: readonly Moved[], count: number): readonly string[] {
  const worth = moved.filter(({ by }) => by >= LEAST).toSorted((a, b) => b.by - a.by);
  return worth.slice(0, count).flatMap(({ names }) => names);
}

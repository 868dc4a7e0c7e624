import type { FeatureBaseline } from '../domain/baseline.js';
import type { FeatureProfile } from '../domain/profile.js';
import { percentText } from '../domain/wording.js';

/** Categories that are named: the rest of a mix moves because these do. */
const NAMED = 2;
/** What is counted together, as it is named beside categories, which are in quotes. */
export const RARE = 'rare categories';
const NEVER_SEEN = 'categories never seen before';

/**
 * Which categories' shares have changed most, and from where to where: `"web" make up 30 %, 12 % before; "branch" 41 %, 60 % before`. `categories` name the counts of
 * both profiles, in their order. Null where either has no values.
 */
export function mixText(
  before: FeatureProfile | undefined,
  now: FeatureProfile | undefined,
  categories: readonly string[],
): string | null {
  const [was, is] = [counted(before, categories), counted(now, categories)];
  if (!was || !is) return null;
  return movedMost(was, is)
    .slice(0, NAMED)
    .map(
      ({ name, share, usual }, i) =>
        `${name} ${i === 0 ? 'make up ' : ''}${percentText(share)}, ${percentText(usual)} before`,
    ) // prettier-ignore
    .join('; ');
}

interface Moved {
  readonly name: string;
  readonly share: number;
  readonly usual: number;
}

/** The categories of a mix with their shares of now and of before, what moved most first. */
export function movedMost(
  was: ReadonlyMap<string, number>,
  is: ReadonlyMap<string, number>,
): readonly Moved[] {
  return [...is]
    .map(([name, share]) => ({ name, share, usual: was.get(name) ?? 0 }))
    .toSorted((a, b) => Math.abs(b.share - b.usual) - Math.abs(a.share - a.usual));
}

/** Shares of the categories of a feature, by how they are named in a sentence; null of numbers, and without values. */
export function sharesOf(
  profile: FeatureProfile | undefined,
  feature: FeatureBaseline | undefined,
): ReadonlyMap<string, number> | null {
  return feature?.kind === 'categorical' ? counted(profile, feature.categories) : null;
}

function counted(
  profile: FeatureProfile | undefined,
  categories: readonly string[],
): ReadonlyMap<string, number> | null {
  if (profile?.kind !== 'categorical' || profile.n === 0) return null;
  const named = categories.map((name, i) => [`"${name}"`, (profile.counts[i] ?? 0) / profile.n] as const);
  return new Map([...named, [RARE, profile.other / profile.n], [NEVER_SEEN, profile.fresh / profile.n]]);
}

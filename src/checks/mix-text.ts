import type { FeatureProfile } from '../domain/profile.js';
import { percentText } from '../domain/wording.js';

/** Categories that are named: the rest of a mix moves because these do. */
const NAMED = 2;

/**
 * Which categories' shares have changed most, and from where to where: `"web" make up 30 %, 12 % before; "branch" 41 %, 60 % before`. `categories` name the counts of
 * both profiles, in their order. Null where either has no values.
 */
export function mixText(
  before: FeatureProfile | undefined,
  now: FeatureProfile | undefined,
  categories: readonly string[],
): string | null {
  const [was, is] = [sharesOf(before, categories), sharesOf(now, categories)];
  if (!was || !is) return null;
  const moved = [...is]
    .map(([name, share]) => ({ name, share, usual: was.get(name) ?? 0 }))
    .toSorted((a, b) => Math.abs(b.share - b.usual) - Math.abs(a.share - a.usual))
    .slice(0, NAMED);
  return moved
    .map(
      ({ name, share, usual }, i) =>
        `${name} ${i === 0 ? 'make up ' : ''}${percentText(share)}, ${percentText(usual)} before`,
    ) // prettier-ignore
    .join('; ');
}

function sharesOf(
  profile: FeatureProfile | undefined,
  categories: readonly string[],
): ReadonlyMap<string, number> | null {
  if (profile?.kind !== 'categorical' || profile.n === 0) return null;
  const named = categories.map((name, i) => [`"${name}"`, (profile.counts[i] ?? 0) / profile.n] as const);
  return new Map([
    ...named,
    ['rare categories', profile.other / profile.n],
    ['categories never seen before', profile.fresh / profile.n],
  ]);
}

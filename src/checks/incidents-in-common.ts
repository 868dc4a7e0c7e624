import { poissonMass } from '../stats/poisson-mass.js';

/** A reference is allowed one incident in so many days; more of them are what the model is like. */
const DAYS_AN_INCIDENT = 30;
/** A day beside the worst of an incident is part of it where it has this part of its features. */
const AS_BAD = 0.5;
/** As many features that stand out on one day, if each of them had spells of its own as often as on the other days. */
const BY_CHANCE = 1e-3;

/**
 * The days of a reference on which what stands out is an incident: those on which far more features stand out than on the others, and the days
 * beside them that are half as bad, one episode in thirty days. `oddDays` are given once for every feature. A fault of the data shows in many
 * features at once, or once in one; features that have spells of their own stand out on days of their own, and those days are as usual as any.
 */
export function incidentsInCommon(oddDays: readonly Iterable<number>[], span: number): ReadonlySet<number> {
  const counts = new Map<number, number>();
  for (const days of oddDays) for (const day of days) counts.set(day, (counts.get(day) ?? 0) + 1);
  const incident = new Set<number>();
  for (let left = Math.max(1, Math.round(span / DAYS_AN_INCIDENT)); left > 0; left -= 1) {
    const [worst] = [...counts].toSorted(([, a], [, b]) => b - a);
    if (!worst) break;
    const [day, features] = worst;
    const episode = new Set<number>();
    for (const step of [1, -1])
      for (let at = day; (counts.get(at) ?? 0) >= AS_BAD * features; at += step) episode.add(at);
    for (const own of episode) counts.delete(own);
    const others = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (chanceOf(features, others / Math.max(1, span - episode.size)) > BY_CHANCE) break;
    for (const own of episode) incident.add(own);
  }
  return incident;
}

/** P(Poisson(mean) ≥ count). */
function chanceOf(count: number, mean: number): number {
  let below = 0;
  for (let k = 0; k < count; k += 1) below += poissonMass(k, mean);
  return Math.max(0, 1 - below);
}

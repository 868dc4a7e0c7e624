import { OPEN_DOMAIN, type FeatureBaseline } from '../domain/baseline.js';
import type { FeatureProfile } from '../domain/profile.js';
import { type Bar, binLabels, categoryHistogram, numericHistogram } from './histogram.js';
import { html, type Html } from './html.js';

const shares = (counts: readonly number[]) => {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => (total > 0 ? count / total : 0));
};

/** Reference and current beside each other, bin by bin or category by category. */
export function distributionBars(
  baseline: FeatureBaseline,
  reference: FeatureProfile,
  current: FeatureProfile | null,
): Html {
  if (baseline.kind === 'numeric' && reference.kind === 'numeric') {
    const [before, now] = [shares(reference.bins), shares(current?.kind === 'numeric' ? current.bins : [])];
    const labels = binLabels(baseline.edges);
    return numericHistogram(barsOf(labels, before, now), baseline.edges);
  }
  if (baseline.kind !== 'categorical' || reference.kind !== 'categorical') return html``;
  const counts = (profile: FeatureProfile | null) =>
    profile?.kind === 'categorical' ? shares([...profile.counts, profile.other, profile.fresh]) : [];
  const open = baseline.unseenMass >= OPEN_DOMAIN;
  const labels = [
    ...baseline.categories,
    'rare in the reference',
    open ? 'rare or new' : 'never seen before',
  ];
  const all = barsOf(labels, counts(reference), counts(current));
  return categoryHistogram(
    all.filter((bar, i) => i < baseline.categories.length || bar.reference > 0 || bar.current > 0),
  );
}

function barsOf(
  labels: readonly string[],
  before: readonly number[],
  now: readonly number[],
): readonly Bar[] {
  return labels.map((label, i) => ({ label, reference: before[i] ?? 0, current: now[i] ?? 0 }));
}

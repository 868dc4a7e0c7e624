import type { Verdict } from '../domain/incident.js';
import { percentText } from '../domain/wording.js';
import { rowsOf } from './with-means.js';
import { newValues, type NewValue } from '../profiles/new-values.js';
import type { Database } from '../store/database.js';
import type { Finding } from './finding.js';

const NAMED = 3;
/** A category of so much of the reference, of which at most a tenth is left, and a new one of its share, give or take a half. */
const LEAST_NAMED = 0.02;
const LEFT = 0.1;
const UNLIKE = 0.5;

/**
 * The finding with the names of categories that the reference never had, in what people are told of them. What was judged, and every digest of it,
 * is the same with and without. Reads the rows of the window where such a verdict breaches, else nothing.
 */
export async function nameNewValues(database: Database, finding: Finding): Promise<Finding> {
  if (!finding.verdicts.some(isOfNewValues)) return finding;
  const verdicts = await Promise.all(
    finding.verdicts.map(async (verdict) => named(database, finding, verdict)),
  );
  return { ...finding, verdicts };
}

function isOfNewValues({ signal, outcome }: Verdict): boolean {
  return signal.check === 'new_category' && signal.feature !== null && outcome === 'breach';
}

async function named(database: Database, finding: Finding, verdict: Verdict): Promise<Verdict> {
  const { model, reference, window: own } = finding.due;
  const window = { ...own, from: verdict.restsFrom ?? own.from };
  const feature = verdict.signal.feature ?? '';
  const baseline = reference.baseline?.features[feature];
  if (!isOfNewValues(verdict) || baseline?.kind !== 'categorical') return verdict;
  const found = await newValues(database, { model, window, feature, baseline, most: NAMED + 1 });
  if (found.length === 0) return verdict;
  const names = found.slice(0, NAMED).map(({ value, rows }) => `"${value}" ${percentText(rows / verdict.n)}`);
  const more = found.length > NAMED ? ', …' : '';
  const renamed = renamedText(baseline.categories, finding, verdict, found);
  return { ...verdict, summary: `${verdict.summary}: ${names.join(', ')}${more}${renamed}` };
}

/** Names of which nothing is left, and as many rows have a new one: they are told as renamed. */
function renamedText(
  categories: readonly string[],
  { due: { profile, reference, memory } }: Finding,
  verdict: Verdict,
  found: readonly NewValue[],
): string {
  const feature = verdict.signal.feature ?? '';
  const before = reference.baseline?.reference.features[feature];
  const now = rowsOf(verdict, profile.features[feature], memory.checks?.pending);
  if (before?.kind !== 'categorical' || now?.kind !== 'categorical' || before.n === 0 || now.n === 0) return '';
  const gone = categories
    .map((name, i) => ({ name, was: (before.counts[i] ?? 0) / before.n, is: (now.counts[i] ?? 0) / now.n }))
    .filter(({ was, is }) => was >= LEAST_NAMED && is <= LEFT * was);
  const pairs = found.flatMap(({ value, rows }) => {
    const old = gone.find(({ was }) => Math.abs(rows / now.n - was) <= UNLIKE * was);
    return old ? [`"${old.name}" is gone: it looks renamed to "${value}"`] : [];
  });
  const [first] = pairs;
  return first === undefined || pairs.length > 1 && gone.length === 1 ? '' : `; ${pairs.join(', ')}`;
} // prettier-ignore

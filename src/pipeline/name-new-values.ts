import type { Verdict } from '../domain/incident.js';
import { percentText } from '../domain/wording.js';
import { newValues } from '../profiles/new-values.js';
import type { Database } from '../store/database.js';
import type { Finding } from './finding.js';

const NAMED = 3;

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

async function named(database: Database, { due }: Finding, verdict: Verdict): Promise<Verdict> {
  const { model, window, reference } = due;
  const feature = verdict.signal.feature ?? '';
  const baseline = reference.baseline?.features[feature];
  if (!isOfNewValues(verdict) || baseline?.kind !== 'categorical') return verdict;
  const found = await newValues(database, { model, window, feature, baseline, most: NAMED + 1 });
  if (found.length === 0) return verdict;
  const names = found.slice(0, NAMED).map(({ value, rows }) => `"${value}" ${percentText(rows / verdict.n)}`);
  const more = found.length > NAMED ? ', …' : '';
  return { ...verdict, summary: `${verdict.summary}: ${names.join(', ')}${more}` };
}

import type { Verdict } from '../domain/incident.js';
import { percentText, spanText } from '../domain/wording.js';
import { copiedRows } from '../profiles/copied-rows.js';
import type { Database } from '../store/database.js';
import type { Finding } from './finding.js';
import { nameNewValues } from './name-new-values.js';

/** A request that is tried again comes within so long, also where a window ends in between. */
const REACH_MS = 300_000;
/** A smaller part of the rows explains no change of their number. */
const LEAST_OF_MORE = 0.05;

/** The finding with what only the rows themselves show, in what people are told of it. What was judged, and every digest of it, is the same with and without. */
export async function nameRows(database: Database, finding: Finding): Promise<Finding> {
  return nameCopies(database, await nameNewValues(database, finding));
}

/**
 * Where more rows came than usual, and those of the reference differ from each other: how many of them repeat an earlier one. The estimate that judges copies takes a few windows to be sure of a third of the
 * rows; here they are counted. Reads the rows of the window where such a verdict breaches, else nothing.
 */
async function nameCopies(database: Database, finding: Finding): Promise<Finding> {
  const { model, reference, window } = finding.due;
  const differ = reference.baseline?.rules.some(({ rule }) => rule === 'repeats') ?? false;
  if (!differ || !finding.verdicts.some(isOfMoreRows)) return finding;
  const { rows, copies } = await copiedRows(database, { model, window, reachMs: REACH_MS });
  if (rows === 0 || copies < LEAST_OF_MORE * rows) return finding;
  const text = `${percentText(copies / rows)} of its rows repeat an earlier one of it, or of ${spanText(REACH_MS)} before it, under another id: sent twice?`;
  const verdicts = finding.verdicts.map((verdict) =>
    isOfMoreRows(verdict) ? { ...verdict, summary: `${verdict.summary}; ${text}` } : verdict,
  );
  return { ...finding, verdicts };
}

function isOfMoreRows({ signal, outcome, effect }: Verdict): boolean {
  return signal.check === 'volume' && signal.segment === '' && outcome === 'breach' && (effect ?? 0) > 0;
}

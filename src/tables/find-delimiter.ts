import { splitRecords, type Fields } from './split-records.js';

const DELIMITERS = [',', ';', '\t', '|'] as const;
const LINES_LOOKED_AT = 100;

/**
 * The delimiter of a text by its first records: the one that cuts them into the same number of fields, most of them; a comma where none
 * cuts at all. `known` are names of columns that speak for a delimiter that gives them.
 */
export async function findDelimiter(sample: string, isKnown: (name: string) => boolean): Promise<string> {
  let best: { readonly delimiter: string; readonly score: number } = { delimiter: ',', score: 0 };
  for (const delimiter of DELIMITERS) {
    const score = scoreOf(await recordsOf(sample, delimiter), isKnown);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

async function recordsOf(sample: string, delimiter: string): Promise<readonly Fields[]> {
  const found: Fields[] = [];
  for await (const records of splitRecords(once(sample), delimiter)) found.push(...records);
  // the last one may be cut off
  return found.length > 2 ? found.slice(0, -1).slice(0, LINES_LOOKED_AT) : found;
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** Fields of the header, less what records differ from it; known names count most. */
function scoreOf(records: readonly Fields[], isKnown: (name: string) => boolean): number {
  const [header, ...rows] = records;
  const width = header?.values.length ?? 0;
  if (width < 2) return 0;
  const alike = rows.filter(({ values }) => values.length === width).length / Math.max(1, rows.length);
  const known = header?.values.filter(isKnown).length ?? 0;
  return (rows.length === 0 ? 1 : alike) * width + known * 100;
}

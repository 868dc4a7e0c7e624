import { RegistryError } from '../registry/registry-error.js';
import type { Database } from '../store/database.js';

/** What somebody says that a model decided. */
interface SaidDecision {
  readonly model: string;
  readonly predictionId: string;
  readonly version: string | null;
  readonly decided: string;
}

interface StoredRow {
  readonly version: string;
  readonly label: string;
}

const STORED = `SELECT DISTINCT version, label FROM predictions
  WHERE model = {model:String} AND prediction_id = {id:String} AND ({version:String} = '' OR version = {version:String}) LIMIT 20`;

/**
 * Compares what a model is said to have decided with what is stored of it: null where it is so, else a sentence on why nothing could be compared. Throws RegistryError where
 * the stored prediction says something else.
 */
export async function comparedDecision(
  database: Database,
  { model, predictionId, version, decided }: SaidDecision,
): Promise<string | null> {
  const params = { model, id: predictionId, version: version ?? '' };
  const stored = await database.query<StoredRow>(STORED, { params });
  const named = `prediction ${predictionId} of ${model}${version === null ? '' : ` ${version}`}`;
  if (stored.length === 0)
    return `no ${named} is stored: what the model decided is recorded as it was said, and was compared with nothing`;
  const labels = [...new Set(stored.map(({ label }) => label))].filter(Boolean);
  if (labels.length === 0) return `${named} is stored without a label: what the model decided is recorded as it was said`;
  if (labels.includes(decided.trim())) return null;
  throw new RegistryError('not_decided', 'decided', `decided: the stored ${named} says ${labels.map((label) => `"${label}"`).join(' and ')}, not "${decided.trim()}"`);
} // prettier-ignore

import type { PerformanceProfile } from '../domain/profile.js';
import { countText } from '../domain/wording.js';

const NAMED = 5;

/** Classes among a window's labels that neither its reference nor the model file knows, as a sentence; null where there are none. */
export function newLabelsText({ labelled, newLabels = {} }: PerformanceProfile): string | null {
  const found = Object.entries(newLabels).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  if (found.length === 0) return null;
  const rows = found.reduce((sum, [, n]) => sum + n, 0);
  const names = found.slice(0, NAMED).map(([name]) => `"${name}"`);
  const more = found.length > NAMED ? ` and ${found.length - NAMED} more` : '';
  return `${countText(rows)} of ${countText(labelled)} labels are a class that the reference does not have: ${names.join(', ')}${more}`;
}

import type { PerformanceProfile } from '../domain/profile.js';
import { countText, someOf } from '../domain/wording.js';

const NAMED = 5;

/** Classes among a window's labels that neither its reference nor the model file knows, as a sentence; null where there are none. `usual` is what the reference's labels say. */
export function newLabelsText(
  { labelled, newLabels = {} }: PerformanceProfile,
  usual: PerformanceProfile | undefined,
): string | null {
  const found = Object.entries(newLabels).sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  if (found.length === 0) return null;
  const rows = found.reduce((sum, [, n]) => sum + n, 0);
  const names = found.map(([name]) => `"${name}"`);
  const hint = spellingHint(found.map(([name]) => name), Object.keys(usual?.newLabels ?? {})); // prettier-ignore
  return `${countText(rows)} of ${countText(labelled)} labels are a class that the reference does not have: ${someOf(names, NAMED)}${hint}`;
}

/** A class that is known but for its case, or the blanks around it, is most likely that class, sent by something else. */
function spellingHint(found: readonly string[], known: readonly string[]): string {
  const plain = (name: string) => name.trim().toLowerCase();
  for (const name of found) {
    const meant = known.find((one) => plain(one) === plain(name));
    if (meant !== undefined) return `; "${name}" is "${meant}" but for its case or blanks: classes are told apart by every letter`;
  }
  return '';
} // prettier-ignore

import { featureText } from '../domain/feature-text.js';
import type { CheckName } from '../domain/check-result.js';
import type { Incident } from '../domain/incident.js';
import { words } from '../domain/wording.js';
import { IncidentRefusal } from './incident-refusal.js';

/** What a change of the world moves. Answers that are wrong, people who are treated otherwise and data that are broken are normal only where somebody names them. */
const DRIFT: ReadonlySet<CheckName> = new Set(['feature_drift', 'output_drift', 'multivariate', 'attribution_drift', 'segment_drift']); // prettier-ignore

/** Checks of what is open that are normal only where a person names them, each once. */
export function namedAlone(members: readonly Incident[]): readonly CheckName[] {
  return [...new Set(openOf(members).map(({ signal }) => signal.check))].filter((check) => !DRIFT.has(check));
}

/**
 * What of a case "this is normal" is about: what is open and has drifted, and of other checks what somebody named. Throws an IncidentRefusal where a named check has nothing open, or nothing
 * is left.
 */
export function normalFindings<One extends Incident>(
  members: readonly One[],
  named: readonly CheckName[],
): readonly One[] {
  const open = openOf(members);
  const checks = new Set(open.map(({ signal }) => signal.check));
  const absent = named.find((check) => !checks.has(check));
  if (absent !== undefined)
    throw new IncidentRefusal('not_in_case', `checks: nothing of ${absent} is open in this case; there are ${[...checks].join(', ')}`, 'checks'); // prettier-ignore
  const meant = open.filter(({ signal }) => DRIFT.has(signal.check) || named.includes(signal.check));
  if (meant.length === 0)
    throw new IncidentRefusal('nothing_normal', `checks: nothing that is open here is drift; if it is normal all the same, name it: ${[...checks].join(', ')}`, 'checks'); // prettier-ignore
  return meant;
}

/** What is open and not called normal, in words, each once; null where nothing is. */
export function leftOver(members: readonly Incident[], normal: readonly Incident[]): string | null {
  const ids = new Set(normal.map(({ id }) => id));
  const rest = openOf(members).filter(({ id }) => !ids.has(id));
  const texts = rest.map(({ signal }) => `${words(signal.check)}${signal.feature === null ? '' : ` of ${featureText(signal.feature)}`}`);
  return rest.length === 0 ? null : [...new Set(texts)].join(', ');
} // prettier-ignore

function openOf<One extends Incident>(members: readonly One[]): readonly One[] {
  return members.filter(({ state }) => state !== 'CLOSED');
}

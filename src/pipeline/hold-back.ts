import { leavingOf, type IncidentChange } from '../domain/incident-change.js';
import type { Incident } from '../domain/incident.js';
import { SYSTEM, type NewEntry } from '../domain/ledger-entry.js';
import type { Labels } from '../domain/matcher.js';
import { MAINTENANCE, SILENCE_SUBJECT } from '../incidents/silences.js';
import type { HeldBackBy } from '../notify/case-now.js';
import { groupBy } from '../domain/group-by.js';
import type { Stages } from './stages.js';

type Parts = Pick<Stages, 'registry' | 'silences' | 'incidents'>;

/** What matchers see of an incident. */
export function labelsOf(
  { registry }: Pick<Stages, 'registry'>,
  { signal, severity, policy }: Incident,
): Labels {
  const model = registry.find(signal.model)?.model;
  return {
    model: signal.model,
    version: signal.version,
    owner: model?.owner ?? 'unowned',
    tier: registry.tierOf(signal.model),
    check: signal.check,
    feature: signal.feature ?? '',
    segment: signal.segment,
    severity,
    policy: policy.id,
    environment: model?.environments ?? [],
  };
}

/**
 * The silence or maintenance window that holds an incident back now: one that it matches, else that of the very finding of its model that it follows from. Who silences findings of a case wants to hear
 * nothing of what follows from them; who silences a feature, or a model, wants to hear of the others. Null where there is none.
 */
export function heldBackBy(
  parts: Parts,
  incident: Incident,
  now: Date,
  find: (id: string) => Incident | undefined = (id) => parts.incidents.find(id),
): string | null {
  const own = parts.silences.silencedBy(labelsOf(parts, incident), now);
  if (own !== null) return own;
  const seen = new Set<string>();
  let one: Incident | undefined = incident;
  while (one && !seen.has(one.id) && one.signal.model === incident.signal.model) {
    const alone = one === incident ? null : parts.silences.silencedAlone(labelsOf(parts, one), now);
    if (alone !== null) return alone;
    seen.add(one.id);
    one = find(one.explainedBy ?? '');
  }
  return null;
}

/** What silences and maintenance windows hold back now, in words. */
export function quietNow(parts: Parts, now: Date): HeldBackBy {
  return (incident) => {
    const by = heldBackBy(parts, incident, now);
    return by === null ? null : by.startsWith(MAINTENANCE) ? by.replace(':', ' ') : 'silenced';
  };
}

/**
 * Changes that people may hear of now, and what is recorded of those that a silence holds back. Ends are never held back: who was told that a
 * case opened is told that it closed. What would have been told with its cause is told by itself where that is held back, but not where it was that very finding that somebody silenced.
 */
export function holdBack(
  parts: Parts,
  changes: readonly IncidentChange[],
  now: Date,
): { readonly changes: readonly IncidentChange[]; readonly entries: readonly NewEntry[] } {
  const judged = changes
    .map((change) => (isWithoutCause(parts, change, { changes, now }) ? { ...change, notify: true } : change))
    .map((change) => ({ change, by: silencerOf(parts, change, { changes, now }) }));
  const held = judged.flatMap(({ change, by }) => (by === null ? [] : [{ change, by }]));
  const groups = groupBy(held, ({ change, by }) => JSON.stringify([by, change.caseId]));
  return {
    changes: judged.flatMap(({ change, by }) => (by === null ? [change] : leavingOf(change))),
    entries: [...groups.values()].flatMap((group) => {
      const first = group[0];
      return first ? [suppressed(first.by, first.change.caseId, group.map(({ change }) => change.incident.id), now)] : []; // prettier-ignore
    }),
  };
}

/**
 * A beginning that is not told because its cause is, while a silence holds the cause back: it would be heard of by nobody. Not what many features show together,
 * which is nothing but its cause.
 */
function isWithoutCause(
  parts: Parts,
  { incident, kind, notify }: IncidentChange,
  { changes, now }: { readonly changes: readonly IncidentChange[]; readonly now: Date },
): boolean {
  const begins = kind === 'opened' || kind === 'escalated' || kind === 'amended';
  const isQuiet = notify || incident.severity === 'info' || incident.channels.length === 0;
  if (!begins || isQuiet || typeof incident.explainedBy !== 'string') return false;
  const id = incident.explainedBy;
  const cause = changes.find((one) => one.incident.id === id)?.incident ?? parts.incidents.find(id);
  const { feature } = incident.signal;
  if (!cause || feature === null || feature === cause.signal.feature) return false;
  return parts.silences.silencedBy(labelsOf(parts, cause), now) !== null;
}

function silencerOf(
  parts: Parts,
  { incident, notify }: IncidentChange,
  { changes, now }: { readonly changes: readonly IncidentChange[]; readonly now: Date },
): string | null {
  if (!notify || incident.state === 'CLOSED') return null;
  return heldBackBy(parts, incident, now, (id) => changes.find((one) => one.incident.id === id)?.incident ?? parts.incidents.find(id)); // prettier-ignore
}

function suppressed(by: string, caseId: string, incidents: readonly string[], at: Date): NewEntry {
  return { action: 'silence.suppressed', actor: SYSTEM, at, subject: { type: SILENCE_SUBJECT, id: by }, data: { caseId, incidents } }; // prettier-ignore
}

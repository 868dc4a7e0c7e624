import { ACTIONS } from '../domain/actions.js';
import type { Json, LedgerEntry } from '../domain/ledger-entry.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { Incidents } from '../incidents/incidents.js';
import type { Ledger } from '../ledger/ledger.js';

type Log = Pick<Ledger, 'read'>;

/** More than an incident or a policy ever has. */
const MOST = 10_000;
const OF_INCIDENTS = Object.keys(ACTIONS).filter((action) => action.startsWith('incident.'));

/** Every entry that speaks of an incident, oldest first; those recorded at or before `until`, where that is said. */
export async function storyOf(ledger: Log, id: string, until: Date | null): Promise<readonly LedgerEntry[]> {
  const end = until === null ? {} : { until: justAfter(until) };
  const entries = await ledger.read({ text: JSON.stringify(id), limit: MOST, ...end });
  return entries.filter(({ isRefused }) => !isRefused);
}

/** An incident as it was known at an instant; null where it was not known yet. */
export async function incidentAsOf(ledger: Log, id: string, at: Date): Promise<IncidentRecord | null> {
  const known = new Incidents();
  for (const entry of await storyOf(ledger, id, at))
    if (OF_INCIDENTS.includes(entry.action)) known.apply(entry);
  return known.find(id) ?? null;
}

/** The entries that put policies in force which held at an instant, in the order in which they came into force. */
export async function policiesAsOf(ledger: Log, at: Date): Promise<readonly LedgerEntry[]> {
  const actions = ['policy.activated', 'policy.retired'];
  const inForce = new Map<string, LedgerEntry>();
  for (const entry of await ledger.read({ actions, until: justAfter(at), limit: MOST })) {
    if (entry.isRefused) continue;
    inForce.delete(entry.subject.id);
    if (entry.action === 'policy.activated') inForce.set(entry.subject.id, entry);
  }
  return [...inForce.values()];
}

/** The text of a policy by its hash, as the ledger holds it; null where it was recorded without one. */
export async function policyText(ledger: Log, id: string, hash: string): Promise<Json> {
  const entries = await ledger.read({
    actions: ['policy.activated'],
    subjectType: 'policy',
    subjectId: id,
    text: hash,
    newestFirst: true,
    limit: 1,
  });
  return entries[0]?.data['content'] ?? null;
}

/** The ledger's times are half-open and in milliseconds. */
function justAfter(at: Date): Date {
  return new Date(at.getTime() + 1);
}

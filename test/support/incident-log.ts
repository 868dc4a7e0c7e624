import type { CheckName } from '../../src/domain/check-result.js';
import type { Severity, Verdict } from '../../src/domain/incident.js';
import { SYSTEM, type LedgerEntry, type NewEntry } from '../../src/domain/ledger-entry.js';
import { decideIncidents } from '../../src/incidents/decide-incidents.js';
import type { IncidentDecision } from '../../src/incidents/incident-decision.js';
import { Incidents } from '../../src/incidents/incidents.js';
import { supersede } from '../../src/incidents/supersede.js';

const HOUR = 3_600_000;
export const NOW = new Date('2026-11-21T12:00:00Z');

/** The window that ends at an hour. */
export const windowAt = (hour: number, revision = 0) => ({
  model: 'm',
  version: '1',
  from: new Date((hour - 1) * HOUR),
  to: new Date(hour * HOUR),
  revision,
});

interface Said {
  readonly check?: CheckName;
  readonly feature?: string | null;
  readonly outcome?: Verdict['outcome'];
  readonly severity?: Severity;
  readonly channels?: readonly string[];
  readonly effect?: number;
  readonly value?: number | null;
  readonly stands?: boolean;
  readonly explainedBy?: readonly string[];
  readonly restsFrom?: Date;
}

/** A verdict on a feature's drift, with what a spec wants otherwise. */
export function says({
  check = 'feature_drift',
  feature = 'age',
  outcome = 'breach',
  severity = 'warning',
  channels = ['default'],
  effect = 1,
  value = 1,
  stands = false,
  explainedBy = [],
  restsFrom,
}: Said): Verdict {
  return {
    signal: { model: 'm', version: '1', check, segment: '', feature },
    outcome,
    severity: outcome === 'breach' ? severity : 'info',
    state: outcome === 'breach' ? 'ALERT' : 'OK',
    policy: { id: 'p', version: 1, hash: 'h', rule: 'r' },
    statistic: 'location',
    value,
    effect,
    since: null,
    n: 100,
    summary: `${check} of ${feature}`,
    channels: severity === 'info' ? [] : channels,
    retrain: false,
    clearAfter: 2,
    ...(outcome === 'breach' ? { effects: { location: effect } } : {}),
    ...(stands ? { stands } : {}),
    ...(explainedBy.length > 0 ? { explainedBy } : {}),
    ...(restsFrom ? { restsFrom } : {}),
  };
}

/** The ledger in small: appends, and feeds the projection what was appended, through JSON as the real one does. */
export class IncidentLog {
  readonly entries: LedgerEntry[] = [];
  readonly incidents = new Incidents();

  append(entries: readonly NewEntry[]): void {
    for (const entry of entries) {
      const data = JSON.parse(JSON.stringify(entry.data)) as NewEntry['data'];
      const stored = { ...entry, data, seq: this.entries.length + 1, hash: '' };
      this.entries.push(stored);
      this.incidents.apply(stored);
    }
  }

  /** One window's verdicts, and what became of incidents; `!` means told. */
  judge(hour: number, verdicts: readonly Verdict[], { revision = 0, now = NOW } = {}) {
    const decision = decideIncidents(this.incidents, { verdicts, window: windowAt(hour, revision) }, now);
    this.append(decision.entries);
    return saidBy(decision);
  }

  /** Another version answers from the end of this hour on. */
  replaced(hour: number) {
    const succession = { model: 'm', version: '1', reason: 'version 2 has taken over', actor: SYSTEM };
    const decision = supersede(this.incidents, { ...succession, until: windowAt(hour).to }, NOW);
    this.append(decision.entries);
    return saidBy(decision);
  }
}

function saidBy({ changes }: IncidentDecision): readonly string[] {
  return changes.map(({ kind, notify, incident }) => `${kind}${notify ? '!' : ''} ${incident.signal.check}`);
}

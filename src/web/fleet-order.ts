import { SEVERITIES, type Severity } from '../domain/incident.js';
import { type RiskTier } from '../domain/model.js';
import type { MonitoringState } from '../domain/monitoring.js';

/** What a visitor wants to see of the fleet. */
export const SHOWN = ['all', 'wrong', 'learning', 'quiet'] as const;
export type Shown = (typeof SHOWN)[number];

/** What the order of the fleet looks at. */
export interface FleetEntry {
  readonly key: string;
  readonly name: string;
  readonly owner: string;
  readonly tier: RiskTier;
  /** Severities of what is open and told. */
  readonly open: readonly Severity[];
  readonly monitoring: MonitoringState | null;
  /** Since when no row has come, epoch ms, where its stream has stopped; null elsewhere. */
  readonly silentSince: number | null;
}

const STATES: readonly (MonitoringState | null)[] = ['CANNOT_JUDGE', 'PARTLY', 'NO_DATA', null, 'LEARNING', 'SUSPENDED', 'JUDGING']; // prettier-ignore

/** Those that match, what is wrong first: by the worst that is open, by whether the stream has stopped, by the risk of the model, by how much is, by what is missing to judge, by key. */
export function orderFleet<Entry extends FleetEntry>(
  entries: readonly Entry[],
  { text, shown }: { readonly text: string; readonly shown: Shown },
): readonly Entry[] {
  const wanted = text.trim().toLowerCase();
  const matches = ({ key, name, owner }: FleetEntry) =>
    [key, name, owner].some((part) => part.toLowerCase().includes(wanted));
  return entries
    .filter((one) => matches(one) && (shown === 'all' || kindOf(one) === shown))
    .sort(
      (a, b) =>
        severityRank(a) - severityRank(b) ||
        (a.open.length > 0 ? TIERS.indexOf(a.tier) - TIERS.indexOf(b.tier) : 0) ||
        b.open.length - a.open.length ||
        STATES.indexOf(a.monitoring) - STATES.indexOf(b.monitoring) ||
        (a.key < b.key ? -1 : 1),
    );
}

const TIERS: readonly RiskTier[] = ['HIGH', 'MEDIUM', 'LOW'];

/** Cases with the gravest first: by severity, by the risk of the model, then the newest. */
export function orderCases<
  Case extends { readonly model: string; readonly severity: Severity; readonly openedAt: Date },
>(cases: readonly Case[], tierOf: (model: string) => RiskTier): readonly Case[] {
  return cases.toSorted(
    (a, b) =>
      SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
      TIERS.indexOf(tierOf(a.model)) - TIERS.indexOf(tierOf(b.model)) ||
      b.openedAt.getTime() - a.openedAt.getTime(),
  );
}

function kindOf({ open, monitoring, silentSince }: FleetEntry): Shown {
  if (open.length > 0 || silentSince !== null || monitoring === 'CANNOT_JUDGE') return 'wrong';
  return monitoring === 'JUDGING' ? 'quiet' : 'learning';
}

function severityRank({ open, silentSince }: FleetEntry): number {
  if (open.includes('critical')) return 0;
  if (open.length > 0) return 1;
  return silentSince === null ? 3 : 2;
}

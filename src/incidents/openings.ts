import { z } from 'zod';
import { CHECKS, type CheckName } from '../domain/check-result.js';
import { SEVERITIES, type Severity } from '../domain/incident.js';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import type { Projection } from '../ledger/projection.js';

const Opened = z.object({
  severity: z.enum(SEVERITIES),
  signal: z.object({ check: z.enum(CHECKS) }),
});

/** So many incidents of one kind were opened. */
export interface Opening {
  readonly severity: Severity;
  readonly check: CheckName;
  readonly count: number;
}

/** How many incidents were ever opened, by severity and check, counted from the ledger: the same in every replica and after a restart. */
export class Openings implements Projection {
  readonly #counts = new Map<string, Opening>();

  reset(): void {
    this.#counts.clear();
  }

  apply({ action, data }: LedgerEntry): void {
    if (action !== 'incident.opened') return;
    const { severity, signal } = Opened.parse(data['incident']);
    const key = `${severity}/${signal.check}`;
    const count = (this.#counts.get(key)?.count ?? 0) + 1;
    this.#counts.set(key, { severity, check: signal.check, count });
  }

  list(): readonly Opening[] {
    return [...this.#counts.values()];
  }
}

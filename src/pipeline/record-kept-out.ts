import type { KeptOut, ResidencyGate } from '../ingest/landing/residency-gate.js';
import { SYSTEM } from '../domain/ledger-entry.js';
import type { Stages } from './stages.js';

type Parts = Pick<Stages, 'ledger' | 'residency' | 'residencyRefusals'>;

/** Records rows that were kept out because they may not lie here: the first at once, then how many there were in each hour. */
export async function recordKeptOut(
  { ledger, residency, residencyRefusals }: Parts,
  gate: Pick<ResidencyGate, 'waiting' | 'recorded'>,
): Promise<void> {
  let recorded: readonly KeptOut[] = [];
  const terms = { door: 'ingest', to: 'this service', place: residency.here, actor: SYSTEM } as const;
  await ledger.transact((now) => {
    const entries = gate.waiting().map((one) => ({
      one,
      entries: residencyRefusals.note({ ...terms, barred: one.barred, data: { rows: one.rows } }, now),
    }));
    recorded = entries.filter((each) => each.entries.length > 0).map(({ one }) => one);
    return entries.flatMap((each) => each.entries);
  });
  for (const one of recorded) gate.recorded(one);
}

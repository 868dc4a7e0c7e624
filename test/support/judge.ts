import type { Verdict } from '../../src/domain/incident.js';
import { decideIncidents } from '../../src/incidents/decide-incidents.js';
import { decideMessages } from '../../src/pipeline/decide-messages.js';
import { windowAt } from './incident-log.js';
import type { Launched } from './launch.js';

/** What the spine does with the verdicts on the window that ends at an hour; the entries that it recorded. */
export async function judgeHour(
  { service }: Launched,
  hour: number,
  verdicts: readonly Verdict[],
): Promise<readonly { readonly action: string }[]> {
  const { ledger, stages } = service;
  const window = windowAt(hour);
  return ledger.transact((now) => {
    const { entries, changes } = decideIncidents(stages.incidents, { verdicts, window }, now);
    return [...entries, ...decideMessages(stages, changes, now)];
  });
}

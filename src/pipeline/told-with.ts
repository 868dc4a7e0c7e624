import type { IncidentChange } from '../domain/incident-change.js';
import { labelsOf } from './hold-back.js';
import type { Stages } from './stages.js';

type Parts = Pick<Stages, 'registry' | 'silences' | 'incidents' | 'deliveries'>;

/**
 * Changes that would be told with a case of another model, of one source at fault: by themselves where that case is silenced, or where somebody was told of their own before, who is then told its end too.
 */
export function toldWith(
  parts: Parts,
  changes: readonly IncidentChange[],
  now: Date,
): readonly IncidentChange[] {
  return changes.map((change) => {
    const { ownCase, ...rest } = change;
    if (ownCase === undefined) return change;
    const wasTold = parts.deliveries.destinationsOf(ownCase).length > 0;
    if (!wasTold && !isHostSilenced(parts, change, { changes, now })) return change;
    return {
      ...rest,
      caseId: ownCase,
      ...(change.incident.state === 'CLOSED' ? { leaves: change.caseId } : {}),
    };
  });
}

function isHostSilenced(
  parts: Parts,
  { incident }: IncidentChange,
  { changes, now }: { readonly changes: readonly IncidentChange[]; readonly now: Date },
): boolean {
  const id = incident.explainedBy ?? '';
  const host = changes.find((one) => one.incident.id === id)?.incident ?? parts.incidents.find(id);
  return host !== undefined && parts.silences.silencedBy(labelsOf(parts, host), now) !== null;
}

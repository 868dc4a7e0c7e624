import { extraCostText, type ExtraCost } from '../domain/extra-cost.js';
import { findingTitle } from '../domain/incident-headline.js';
import { utcSpanText } from '../domain/wording.js';
import type { IncidentRecord } from './incident-record.js';
import type { CostBearer } from './whole-loss.js';

/**
 * What a case has cost, in words: with the finding that it is of where another one leads, and with the period wherever that is not the one which the message tells of the leading finding.
 * `answers have become worse, 2026-11-13 06:00 to 2026-11-15 08:00: about …`.
 */
export function costLine(
  cost: ExtraCost,
  of: Pick<IncidentRecord, 'id' | 'signal' | 'course'>,
  leading: CostBearer<Pick<IncidentRecord, 'id' | 'signal'>> | undefined,
): string {
  const period = periodText(cost);
  const isOfLeading = of.id === leading?.incident.id;
  if (isOfLeading && period === periodText(leading)) return extraCostText(cost);
  return `${isOfLeading ? '' : `${findingTitle(of)}, `}${period}: ${extraCostText(cost)}`;
}

function periodText({ since, until }: { readonly since: Date; readonly until: Date }): string {
  return utcSpanText(since, until);
}

import { isWorse, type Severity } from '../domain/incident.js';

/** What of an open finding says whether people wait for an answer to it. */
export interface Answerable {
  readonly severity: Severity;
  readonly acknowledgedUntil: Date | null;
}

/**
 * Of a case's open findings those that nobody has taken on. Whoever acknowledged one of them has the case: what joins it waits only where it is worse
 * than all that somebody took on.
 */
export function unanswered<Finding extends Answerable>(
  open: readonly Finding[],
  now: Date,
): readonly Finding[] {
  const isTaken = ({ acknowledgedUntil }: Finding) => acknowledgedUntil !== null && acknowledgedUntil > now;
  const taken = open.filter(isTaken);
  return open.filter(
    (one) => !isTaken(one) && taken.every(({ severity }) => isWorse(one.severity, severity)),
  );
}

import type { CheckName } from '../domain/check-result.js';

/** What results are about; `segment` is absent where it is all rows. */
export interface SignalSubject {
  readonly check: CheckName;
  readonly feature: string | null;
  readonly segment?: string;
}

export function subjectOf({ check, feature, segment }: SignalSubject): SignalSubject {
  return { check, feature, ...(segment === undefined ? {} : { segment }) };
}

/** `check`, `check/feature` or `check[segment]`. */
export function subjectKey({ check, feature, segment }: SignalSubject): string {
  return `${check}${feature === null ? '' : `/${feature}`}${segment === undefined ? '' : `[${segment}]`}`;
}

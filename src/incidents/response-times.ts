import { NO_FINDING, type RootCause } from '../domain/root-cause.js';
import type { CaseFile, Verdicted } from './case-files.js';
import type { IncidentCase } from './incidents.js';

/** How long it takes, on average over cases, in seconds; null where there is no case to say. */
export interface ResponseTimes {
  readonly cases: number;
  /** From the onset of a change to the end of the window that found it, event time. */
  readonly detectSeconds: number | null;
  /** From telling to the first person who took it on, by the clock. */
  readonly acknowledgeSeconds: number | null;
  /** From telling to the end, by the clock. */
  readonly resolveSeconds: number | null;
}

/** Mean times of cases; those that nobody took on, or that are not over, count where they can. */
export function responseTimes(
  cases: readonly IncidentCase[],
  fileOf: (caseId: string) => CaseFile,
): ResponseTimes {
  const detect = cases.flatMap(({ members }) => detection(members));
  const acknowledge = cases.flatMap(({ id, openedAt }) => {
    const at = fileOf(id).takenOnAt;
    return at === null ? [] : [at.getTime() - openedAt.getTime()];
  });
  const resolve = cases.flatMap(({ openedAt, closedAt }) =>
    closedAt === null ? [] : [closedAt.getTime() - openedAt.getTime()],
  );
  return {
    cases: cases.length,
    detectSeconds: meanSeconds(detect),
    acknowledgeSeconds: meanSeconds(acknowledge),
    resolveSeconds: meanSeconds(resolve),
  };
}

/** Of what began first: a case is found when its first change is. */
function detection(members: IncidentCase['members']): readonly number[] {
  const first = members.toSorted((a, b) => a.course.onset.getTime() - b.course.onset.getTime())[0];
  return first ? [first.course.foundAt.getTime() - first.course.onset.getTime()] : [];
}

function meanSeconds(spans: readonly number[]): number | null {
  return spans.length === 0 ? null : spans.reduce((a, b) => a + b) / spans.length / 1000;
}

/** How often a check, under a policy, found something real, by what people said of its cases. */
export interface Precision {
  readonly check: string;
  readonly policy: string;
  /** Findings whose cause was told, and is known. */
  readonly told: number;
  readonly real: number;
}

/** Precision by check and policy, the least precise first. What nobody knows the cause of counts for neither side. */
export function precisionOf(verdicts: readonly Verdicted[]): readonly Precision[] {
  const rows = new Map<string, Precision>();
  for (const { check, policy, rootCause } of verdicts.filter((one) => one.rootCause !== 'UNKNOWN')) {
    const key = `${check}/${policy}`;
    const before = rows.get(key) ?? { check, policy, told: 0, real: 0 };
    rows.set(key, { ...before, told: before.told + 1, real: before.real + Number(isReal(rootCause)) });
  }
  return [...rows.values()].toSorted(
    (a, b) => a.real / a.told - b.real / b.told || (a.check < b.check ? -1 : 1),
  );
}

function isReal(cause: RootCause): boolean {
  return !NO_FINDING.has(cause);
}

import type { CheckName, CheckState } from './check-result.js';
import type { IncidentCourse } from './incident-course.js';
import type { Interpretation } from './interpretation.js';

export const SEVERITIES = ['info', 'warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Whether the first severity is above the second. */
export function isWorse(a: Severity, b: Severity): boolean {
  return SEVERITIES.indexOf(a) > SEVERITIES.indexOf(b);
}

/** The highest severity of findings; `info` of none. */
export function worstOf(findings: readonly { readonly severity: Severity }[]): Severity {
  return SEVERITIES.findLast((severity) => findings.some((one) => one.severity === severity)) ?? 'info';
}

export const INCIDENT_STATES = ['OPEN', 'ACKNOWLEDGED', 'RECOVERING', 'CLOSED'] as const;
export type IncidentState = (typeof INCIDENT_STATES)[number];

/** Why an incident ended. Only `recovered` says that the problem is over. */
export const CLOSE_REASONS = ['recovered', 'withdrawn', 'manual', 'superseded'] as const;
export type CloseReason = (typeof CLOSE_REASONS)[number];

/** What is the same incident: never severity, value, threshold or text. */
export interface Signal {
  readonly model: string;
  readonly version: string;
  readonly check: CheckName;
  readonly segment: string;
  readonly feature: string | null;
}

/**
 * What the policies make of one signal in one window.
 * `breach` opens or keeps open; `elevated` (over a threshold for too short a time, or under it but not yet clear) never opens and keeps
 * open; `clear` counts towards recovery; `hold` (no data, not computed) changes nothing but is recorded.
 */
export interface Verdict {
  readonly signal: Signal;
  readonly outcome: 'breach' | 'elevated' | 'clear' | 'hold';
  readonly severity: Severity;
  readonly state: CheckState;
  readonly policy: {
    readonly id: string;
    readonly version: number;
    readonly hash: string;
    readonly rule: string;
  };
  readonly statistic: string;
  readonly value: number | null;
  readonly effect: number | null;
  readonly since: Date | null;
  readonly n: number;
  /** Start of the first window that it rests on, where windows with few rows were put together; absent where that is its own. */
  readonly restsFrom?: Date;
  readonly summary: string;
  /** What the check reads the window as, which that says in words; absent where it is its size alone. */
  readonly readAs?: readonly Interpretation[];
  readonly channels: readonly string[];
  readonly retrain: boolean;
  /** Consecutive clear windows that end an incident of this signal. */
  readonly clearAfter: number;
  /** Effects of everything of the signal that breaches, by statistic. */
  readonly effects?: Readonly<Record<string, number>>;
  /** What windows before this one showed of it since its estimated start, oldest first; absent where there are none, or nobody looked. */
  readonly past?: readonly PastWindow[];
  /** The window had too few rows to say anything: what was open stands. */
  readonly stands?: boolean;
  /** Features that breach by themselves and account for all of this; absent where they do not. */
  readonly explainedBy?: readonly string[];
  /** Where the data of its feature come from, which other models may share; absent where nobody said, or where the model keeps what is said of it to itself. */
  readonly source?: string;
}

/** What a window showed of a problem before that was found. */
export interface PastWindow {
  readonly from: Date;
  readonly to: Date;
  readonly n: number;
  readonly effects: Readonly<Record<string, number>>;
}

/** One problem, one key, from opening to closing. */
export interface Incident {
  readonly id: string;
  readonly key: string;
  readonly signal: Signal;
  readonly state: IncidentState;
  readonly severity: Severity;
  /** When it was decided, by the clock; when it was found, in event time, is in its course. */
  readonly openedAt: Date;
  readonly closedAt: Date | null;
  /** Estimated start of the change, in event time. */
  readonly since: Date | null;
  /** What the check said of one window: of the newest that was news. */
  readonly summary: string;
  /** What it reads that window as, which decides; absent where nothing. */
  readonly readAs?: readonly Interpretation[];
  /** End of that window; absent in entries of before it was kept. */
  readonly saidOf?: Date | undefined;
  /** Start of the first window of several that were put together for that; absent where it is of one. */
  readonly saidFrom?: Date | undefined;
  readonly statistic: string;
  readonly value: number | null;
  readonly effect: number | null;
  /** Rows behind the newest value. */
  readonly n?: number;
  readonly policy: Verdict['policy'];
  readonly channels: readonly string[];
  readonly retrain: boolean;
  readonly occurrences: number;
  /** What all its windows say of it. */
  readonly course: IncidentCourse;
  /** Consecutive clear windows so far. */
  readonly clearWindows: number;
  /** End of the newest window that spoke about it. */
  readonly lastWindowTo: Date;
  readonly acknowledgedBy: string | null;
  /** When whoever has it took it on; null, or absent, where nobody has it. */
  readonly acknowledgedAt?: Date | null;
  /** How long that holds. */
  readonly acknowledgedUntil?: Date | null;
  /** Since when, by the clock, it asks for an answer: it came back, became more severe, or its acknowledgement ran out; absent where that is since it opened. */
  readonly asksSince?: Date | undefined;
  /** When it came back last after it had ended, by the clock; absent where it never did. */
  readonly backAt?: Date | undefined;
  /** The incident that this one follows from; null, or absent, where it stands by itself. */
  readonly explainedBy?: string | null;
  /** Where the data of its feature come from; absent where other models do not share it. */
  readonly source?: string | undefined;
  /** Null while it is not closed. */
  readonly closeReason?: CloseReason | null;
  /** The command that would make what lasts the new reference; proposed after two weeks, never carried out unasked. */
  readonly proposal?: string | undefined;
}

/** Whether a person closed an incident in whose last window it was still there: nothing showed that it was over. */
export function isCutShort({
  closeReason,
  clearWindows,
  course,
}: Pick<Incident, 'closeReason' | 'clearWindows' | 'course'>): boolean {
  return closeReason === 'manual' && clearWindows === 0 && course.fading === null;
}

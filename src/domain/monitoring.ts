/** How far a model is monitored. */
export const MONITORING_STATES = [
  'NO_DATA',
  'LEARNING',
  'PARTLY',
  'JUDGING',
  'CANNOT_JUDGE',
  'SUSPENDED',
] as const;
export type MonitoringState = (typeof MONITORING_STATES)[number];

/** What a model can say of itself. */
export interface Monitoring {
  /** JUDGING only where every series is armed; the reason says what is missing elsewhere. */
  readonly state: MonitoringState;
  readonly reason: string | null;
  readonly windowsLearnt: number;
  readonly windowsNeeded: number;
  /** Series that may alert, that learn, that saw too few windows of a frozen reference, and that failed their audit and never page. */
  readonly armed: number;
  readonly learning: number;
  readonly tooFewWindows: number;
  readonly uncalibratable: number;
  /** False pages in 30 days if the fleet's whole budget were this model's; null where nothing is armed. */
  readonly expectedFalseAlerts: number | null;
  /** What the version that answers is held against, and why; null while there is nothing. */
  readonly heldAgainst: string | null;
  /** Up to where its labels are judged, and what waits for them; before a window has one, what came of them. Null where none did. */
  readonly labels: string | null;
}

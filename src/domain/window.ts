/** One stretch of event time `[from, to)` of one model version, at one revision (0 first, +1 for every re-opening). */
export interface Window {
  readonly model: string;
  readonly version: string;
  readonly from: Date;
  readonly to: Date;
  readonly revision: number;
}

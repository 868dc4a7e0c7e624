import type { Known } from '../domain/change-text.js';
import type { Incident } from '../domain/incident.js';
import type { RiskTier } from '../domain/model.js';
import type { TrafficShare } from '../domain/version-comparison.js';

/** What the labels of a version are seen beside: what it is given and what it answers. */
export interface Beside {
  /** Inputs of which a change would have been told, of how many. */
  readonly judged: number;
  readonly inputs: number;
  /** What of the answers is judged so, as features. */
  readonly answers: readonly string[];
  /** Why the rest is not judged, in words; null where all is. */
  readonly unjudged: string | null;
  /** Findings about either that had begun by then, and were there; notices apart. */
  readonly moved: readonly Incident[];
  readonly noticed: readonly Incident[];
}

/** What is known of the model version a case is about, as far as a message tells it. */
export interface CaseSubject extends Known {
  readonly owner: string;
  readonly tier: RiskTier;
  /** Length of a window, ms. */
  readonly windowMs: number;
  /** Features that the model has by its reference; 0 while that is not known. */
  readonly inputs: number;
  /** Share of the model's decisions a feature carries, 0 to 1, or null when nobody said. */
  readonly importance: (feature: string) => number | null;
  /** Where a feature comes from, and which other models have faults in data from there now; null where nobody said. */
  readonly source: (feature: string) => { readonly name: string; readonly alsoAt: readonly string[] } | null;
  /** First row of this version by its own time, where another one answered before. */
  readonly deployedAt: Date | null;
  /** When somebody had this version answer for the model, where it was on trial before. */
  readonly promotedAt: Date | null;
  /** The version that answers for the model, where this one takes part of the traffic beside it; null elsewhere. */
  readonly besideVersion: string | null;
  /** How much of the requests it has answered so, in its newest windows; null elsewhere. */
  readonly besideShare: TrafficShare | null;
  /** First row of this version, where it is held against a file that describes what it was trained on; null elsewhere. */
  readonly servedSince: Date | null;
  /** When the reference came into force that it is held against. */
  readonly pinnedAt: Date | null;
  /** The same, where it took the place of another one. */
  readonly repinnedAt: Date | null;
  /** What of the model nobody is told of, as `Model.monitoring` says it; null where that is nothing, or not known. */
  readonly unwatched: string | null;
  /** What of inputs and answers was judged when a finding began, and what of it had moved by then; null while the reference is not at hand. */
  readonly beside: (finding: Incident) => Beside | null;
  /** Where the people who wrote a rule say what to do when it finds something. */
  readonly runbook: (policy: { readonly id: string; readonly rule: string }) => string | null;
}

/** Of a model that nobody described. */
export const UNKNOWN_SUBJECT: CaseSubject = {
  owner: 'unowned',
  tier: 'MEDIUM',
  windowMs: 3_600_000,
  inputs: 0,
  importance: () => null,
  source: () => null,
  usual: () => null,
  shares: () => null,
  rowShare: () => null,
  deployedAt: null,
  promotedAt: null,
  besideVersion: null,
  besideShare: null,
  servedSince: null,
  pinnedAt: null,
  repinnedAt: null,
  unwatched: null,
  beside: () => null,
  runbook: () => null,
};

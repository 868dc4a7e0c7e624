import type { CheckName, CheckState } from '../domain/check-result.js';
import type { Detector } from '../domain/detector.js';
import type { Severity } from '../domain/incident.js';
import type { Json } from '../domain/ledger-entry.js';
import type { Expression } from './expression.js';

export interface CompiledLevel {
  readonly severity: Severity;
  readonly when: Expression;
  /** `windows` breaches among the newest `of` judged windows. */
  readonly windows: number;
  readonly of: number;
  readonly gaps: 'hold' | 'reset';
  readonly channels: readonly string[];
  readonly retrain: boolean;
}

export interface CompiledRule {
  readonly id: string;
  readonly checks: readonly CheckName[];
  readonly features: readonly string[];
  readonly segments: readonly string[];
  readonly statistics: readonly string[];
  /** What reads labels one by one for this rule; null where nothing does. */
  readonly detector: Detector | null;
  readonly minRows: number;
  /** Most severe first. */
  readonly levels: readonly CompiledLevel[];
  readonly clear: Expression;
  readonly clearAfter: number;
  /** Null where a rule that cannot see only holds. */
  readonly blind: {
    readonly windows: number;
    readonly severity: Severity;
    readonly states: readonly CheckState[];
  } | null;
  readonly channels: readonly string[];
  /** Where it stands what to do. */
  readonly runbook: string | null;
}

/** A policy ready to judge: its expressions checked, its own tests passed, named by the hash of its content. */
export interface CompiledPolicy {
  readonly id: string;
  readonly version: number;
  /** SHA-256 of the document's RFC 8785 JSON, hex: what a verdict names as its law. */
  readonly hash: string;
  /** The document as it was written, for the record. */
  readonly content: Json;
  readonly owner: string;
  readonly description: string;
  /** For rules without one of their own. */
  readonly runbook: string | null;
  readonly legalBasis: readonly string[];
  readonly enforcement: 'enforce' | 'warn' | 'dryrun';
  readonly appliesTo: Expression;
  /** After how many milliseconds a model that nobody can judge is told of, and to whom; null where this policy says nothing of that. */
  readonly unjudged: {
    readonly after: number;
    readonly severity: Severity;
    readonly channels: readonly string[];
  } | null;
  readonly rules: readonly CompiledRule[];
  /** File it was read from. */
  readonly file: string;
}

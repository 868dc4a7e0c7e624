import type { Body } from './body.js';

/** One row of features: by name, or by position. Cells are what JSON or a tensor gave; a tensor's wide cell is an array. */
export type Row = readonly unknown[] | Readonly<Record<string, unknown>>;

/** One call of a model with one answer per row, free of the format it came in. */
export interface Call {
  /** What the source calls the model; null when the format does not say. */
  readonly model: string | null;
  readonly version: string | null;
  readonly id: string;
  /** When it happened, as the source says it; null takes the time of arrival. */
  readonly ts: unknown;
  readonly inputs: readonly Row[];
  /** As many as rows. Null when the outputs are columns of the rows themselves. */
  readonly outputs: readonly unknown[] | null;
  readonly latencyMs: number | null;
  readonly tags: Readonly<Record<string, string>>;
  /** What `envelope.`, `request.` and `response.` paths of a mapping look into. */
  readonly envelope: unknown;
  readonly request: unknown;
  readonly response: unknown;
}

/** The truth about earlier rows, free of the format it came in. */
export interface GroundTruth {
  readonly model: string | null;
  readonly id: string;
  readonly ts: unknown;
  readonly labels: readonly unknown[];
}

/** A request or a response that waits for its counterpart. */
export interface HalfKey {
  /** Format, place and name of the model: ids are unique within it. */
  readonly group: string;
  readonly id: string;
  readonly side: 'request' | 'response';
}

/** One side of a call, as far as its envelope tells. */
export interface HalfPart {
  readonly model: string | null;
  readonly ts: unknown;
  readonly tags: Readonly<Record<string, string>>;
  readonly envelope: unknown;
  readonly body: Body;
  /** How the body is written, when a header says it. */
  readonly force: 'json' | 'proto' | null;
}

/** What one message turned out to be. */
export type Opened =
  | { readonly kind: 'native'; readonly value: Buffer }
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'truth'; readonly truth: GroundTruth }
  | { readonly kind: 'half'; readonly half: HalfKey; readonly part: HalfPart }
  | { readonly kind: 'skipped'; readonly reason: string };

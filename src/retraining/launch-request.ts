import type { Json } from '../domain/ledger-entry.js';
import type { RetrainMessage } from '../domain/retrain-message.js';
import type { JobState } from './retraining.js';

export type LaunchBody = { readonly [key: string]: Json };

/** One run as an adapter sees it. */
export interface Job {
  readonly message: RetrainMessage;
  readonly parameters: LaunchBody;
  /** Authorization header; empty where the request is signed instead. */
  readonly authorization: string;
  readonly at: Date;
}

/** One HTTP request to an orchestrator, without credentials but those in its headers. */
export interface JobRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: LaunchBody | null;
}

/** The request that starts a run, and how its answer is read. */
export interface LaunchRequest extends JobRequest {
  /** Statuses that mean that an earlier attempt started it. */
  readonly already: readonly number[];
  /** Address of the run as far as it is known before or from the answer's JSON, or null. */
  readonly runUrl: (answer: unknown) => string | null;
  /** What the orchestrator calls the run, from the answer, where the run's own id does not say it; null where it does not tell. */
  readonly runRef?: (answer: unknown) => string | null;
  /** Asked first where the orchestrator would start a second run: the answer holds the run that is there. */
  readonly look?: JobRequest & { readonly found: (answer: unknown) => string | null };
}

/** How to ask after a run and how to stop it. */
export interface WatchRequests {
  readonly status: JobRequest;
  /** What the answer says; null where it says nothing of the kind. */
  readonly stateOf: (answer: unknown) => { readonly status: JobState; readonly message: string } | null;
  readonly cancel: JobRequest;
}

/** What a request says beside the message: the token by which the job reports, and what it is to learn from. */
export interface JobPapers {
  readonly token: string;
  readonly manifest: {
    readonly url: string;
    readonly sha256: string;
    readonly rows: number;
    readonly files: number;
  };
}

/** What every job is told, whatever started it. The callback token goes here and nowhere else. */
export function jobParameters(message: RetrainMessage, { token, manifest }: JobPapers): LaunchBody {
  return {
    retraining_id: message.id,
    model: message.model,
    model_version: message.version,
    cause: {
      kind: message.cause.kind,
      case_id: message.cause.caseId,
      incident_ids: message.cause.incidentIds,
      summary: message.cause.summary,
    },
    requested_at: message.requestedAt,
    not_before: message.notBefore,
    exclude: message.exclude,
    manifest: { ...manifest },
    callback: { url: message.callbackUrl, token },
  };
}

/** The same where parameters are texts: what is no text is its JSON. */
export function textParameters(parameters: LaunchBody): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** A field of an answer, by its path; undefined where it is not there. */
export function fieldOf(answer: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    answer,
  );
}

/** A field that is a text or a number, as text; null otherwise. */
export function textOf(answer: unknown, ...path: readonly string[]): string | null {
  const value = fieldOf(answer, ...path);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

/** A state by an orchestrator's own words; null for words that are not known. */
export function stateFrom(
  words: Readonly<Record<string, JobState>>,
  word: string | null,
): { readonly status: JobState; readonly message: string } | null {
  const status = word === null ? undefined : words[word];
  return status && word !== null ? { status, message: word } : null;
}

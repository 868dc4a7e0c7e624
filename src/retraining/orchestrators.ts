import type { Json } from '../domain/ledger-entry.js';
import type { RetrainMessage } from '../domain/retrain-message.js';
import type { RetrainTarget } from './target.js';

type Orchestrator = Exclude<RetrainTarget, { kind: 'webhook' }>;
type Body = { readonly [key: string]: Json };

/** One HTTP request that starts a run. `already` are statuses that mean it was started by an earlier attempt. */
export interface LaunchRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body;
  readonly already: readonly number[];
  /** Address of the run as far as it is known before or from the answer's JSON, or null. */
  readonly runUrl: (answer: unknown) => string | null;
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
export function jobParameters(message: RetrainMessage, { token, manifest }: JobPapers): Body {
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

/** The request that starts the run at an orchestrator, with the retraining's id in the orchestrator's own idempotency field where it has one. */
export function launchRequest(
  target: Orchestrator,
  message: RetrainMessage,
  papers: JobPapers,
  bearer: string,
): LaunchRequest {
  switch (target.kind) {
    case 'airflow':
      return airflow(target, message, papers, bearer);
    case 'github':
      return github(target, message, papers);
    case 'databricks':
      return databricks(target, message, papers);
  }
}

/** Airflow 3 (`POST /api/v2/dags/{dag}/dagRuns`): `logical_date` must be there and may be null; 409 is a run of this id. */
function airflow(
  target: Extract<Orchestrator, { kind: 'airflow' }>,
  message: RetrainMessage,
  papers: JobPapers,
  bearer: string,
): LaunchRequest {
  const run = `tidewatch__${message.id}`;
  const base = target.url.replace(/\/+$/, '');
  return {
    url: `${base}/api/v2/dags/${target.dag}/dagRuns`,
    headers: { authorization: `Bearer ${bearer}` },
    body: {
      dag_run_id: run,
      logical_date: null,
      run_after: message.notBefore,
      conf: jobParameters(message, papers),
      note: message.cause.summary.slice(0, 1_000),
    },
    already: [409],
    runUrl: () => `${base}/dags/${target.dag}/runs/${run}`,
  };
}

/** GitHub `repository_dispatch`: at most ten top-level keys, no answer but 204; a workflow should set `concurrency` by the model. */
function github(
  target: Extract<Orchestrator, { kind: 'github' }>,
  message: RetrainMessage,
  papers: JobPapers,
): LaunchRequest {
  return {
    url: `${target.url.replace(/\/+$/, '')}/repos/${target.repository}/dispatches`,
    headers: {
      authorization: `Bearer ${target.token}`,
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
    },
    body: { event_type: target.event, client_payload: jobParameters(message, papers) },
    already: [],
    runUrl: () => null,
  };
}

/** Databricks Jobs 2.1 `run-now`: one run for one `idempotency_token`; job parameters are texts. */
function databricks(
  target: Extract<Orchestrator, { kind: 'databricks' }>,
  message: RetrainMessage,
  papers: JobPapers,
): LaunchRequest {
  const base = target.url.replace(/\/+$/, '');
  const parameters = Object.entries(jobParameters(message, papers));
  return {
    url: `${base}/api/2.1/jobs/run-now`,
    headers: { authorization: `Bearer ${target.token}` },
    body: {
      job_id: target.job,
      idempotency_token: message.id,
      job_parameters: Object.fromEntries(
        parameters.map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
      ),
    },
    already: [],
    runUrl: (answer) => {
      const id = (answer as { readonly run_id?: unknown } | null)?.run_id;
      return typeof id === 'number' ? `${base}/jobs/${target.job}/runs/${id}` : null;
    },
  };
}

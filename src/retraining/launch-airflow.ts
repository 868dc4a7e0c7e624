import { stateFrom, textOf, type Job, type LaunchRequest, type WatchRequests } from './launch-request.js';
import { baseOf, type TargetOf } from './target.js';

const STATES = { queued: 'accepted', running: 'running', success: 'succeeded', failed: 'failed' } as const;
const runId = (id: string): string => `tidewatch__${id}`;

/** Airflow 3 (`/api/v2`): `logical_date` must be there and may be null. Airflow 2 (`/api/v1`) knows neither `run_after` nor a null date. 409 is a run of this id. */
export function launch(
  target: TargetOf<'airflow'>,
  { message, parameters, authorization }: Job,
): LaunchRequest {
  const run = runId(message.id);
  const base = baseOf(target);
  const dated = target.version === 3 ? { logical_date: null, run_after: message.notBefore } : {};
  return {
    method: 'POST',
    url: runsOf(target),
    headers: { authorization },
    body: { dag_run_id: run, ...dated, conf: parameters, note: message.cause.summary.slice(0, 1_000) },
    already: [409],
    runUrl: () =>
      target.version === 3
        ? `${base}/dags/${target.dag}/runs/${run}`
        : `${base}/dags/${target.dag}/grid?dag_run_id=${run}`,
  };
}

export function watch(
  target: TargetOf<'airflow'>,
  { message, authorization }: Omit<Job, 'parameters'>,
): WatchRequests {
  const url = `${runsOf(target)}/${runId(message.id)}`;
  const headers = { authorization };
  return {
    status: { method: 'GET', url, headers, body: null },
    stateOf: (answer) => stateFrom(STATES, textOf(answer, 'state')),
    cancel: { method: 'PATCH', url, headers, body: { state: 'failed' } },
  };
}

function runsOf(target: TargetOf<'airflow'>): string {
  return `${baseOf(target)}/api/${target.version === 3 ? 'v2' : 'v1'}/dags/${target.dag}/dagRuns`;
}

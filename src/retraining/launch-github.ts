import { stateFrom, textOf, type Job, type LaunchRequest, type WatchRequests } from './launch-request.js';
import { baseOf, type TargetOf } from './target.js';

const CONCLUSIONS = {
  success: 'succeeded',
  cancelled: 'cancelled',
  failure: 'failed',
  timed_out: 'failed',
} as const;
const STATUSES = {
  queued: 'accepted',
  requested: 'accepted',
  waiting: 'accepted',
  pending: 'accepted',
  in_progress: 'running',
} as const;

/**
 * GitHub. `repository_dispatch` has at most ten top-level keys and no answer but 204; a workflow that is named is started by
 * `workflow_dispatch`, whose one input `payload` is the JSON of the parameters, and whose answer names the run. A workflow should set
 * `concurrency` by the model: neither knows a repetition.
 */
export function launch(
  target: TargetOf<'github'>,
  { message, parameters, authorization }: Job,
): LaunchRequest {
  const headers = headersOf(authorization);
  const shared = { method: 'POST', headers, already: [] } as const;
  if (target.workflow === undefined) {
    const body = { event_type: target.event, client_payload: parameters };
    return { ...shared, url: `${repositoryOf(target)}/dispatches`, body, runUrl: () => null };
  }
  return {
    ...shared,
    url: `${repositoryOf(target)}/actions/workflows/${target.workflow}/dispatches`,
    body: {
      ref: target.ref,
      inputs: { retraining_id: message.id, payload: JSON.stringify(parameters) },
      return_run_details: true,
    },
    runUrl: (answer) => textOf(answer, 'html_url'),
    runRef: (answer) => textOf(answer, 'workflow_run_id'),
  };
}

export function watch(
  target: TargetOf<'github'>,
  { authorization }: Omit<Job, 'parameters'>,
  ref: string,
): WatchRequests {
  const url = `${repositoryOf(target)}/actions/runs/${ref}`;
  const headers = headersOf(authorization);
  return {
    status: { method: 'GET', url, headers, body: null },
    stateOf: (answer) =>
      textOf(answer, 'status') === 'completed'
        ? stateFrom(CONCLUSIONS, textOf(answer, 'conclusion'))
        : stateFrom(STATUSES, textOf(answer, 'status')),
    cancel: { method: 'POST', url: `${url}/cancel`, headers, body: null },
  };
}

function headersOf(authorization: string): Readonly<Record<string, string>> {
  return { authorization, accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' };
}

function repositoryOf(target: TargetOf<'github'>): string {
  return `${baseOf(target)}/repos/${target.repository}`;
}

import {
  fieldOf,
  stateFrom,
  textOf,
  textParameters,
  type Job,
  type LaunchRequest,
  type WatchRequests,
} from './launch-request.js';
import { baseOf, type TargetOf } from './target.js';

const nameOf = (id: string): string => `tidewatch-${id}`;
const ARGO = {
  Pending: 'accepted',
  Running: 'running',
  Succeeded: 'succeeded',
  Failed: 'failed',
  Error: 'failed',
} as const;
const KUBEFLOW = {
  PENDING: 'accepted',
  RUNNING: 'running',
  CANCELING: 'running',
  PAUSED: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  SKIPPED: 'failed',
  CANCELED: 'cancelled',
} as const;

/** Argo Workflows `submit`: a fixed name, so that a second one is 409 (AlreadyExists). Parameters are `name=value`. */
export function launchArgo(
  target: TargetOf<'argo'>,
  { message, parameters, authorization }: Job,
): LaunchRequest {
  const name = nameOf(message.id);
  const options = {
    name,
    parameters: Object.entries(textParameters(parameters)).map(([key, value]) => `${key}=${value}`),
    labels: `tidewatch/retraining=${message.id}`,
  };
  return {
    method: 'POST',
    url: `${workflowsOf(target)}/submit`,
    headers: { authorization },
    body: { resourceKind: 'WorkflowTemplate', resourceName: target.template, submitOptions: options },
    already: [409],
    runUrl: () => `${baseOf(target)}/workflows/${target.namespace}/${name}`,
  };
}

export function watchArgo(
  target: TargetOf<'argo'>,
  { message, authorization }: Omit<Job, 'parameters'>,
): WatchRequests {
  const url = `${workflowsOf(target)}/${nameOf(message.id)}`;
  const headers = { authorization };
  return {
    // The whole workflow may be megabytes.
    status: { method: 'GET', url: `${url}?fields=status.phase`, headers, body: null },
    stateOf: (answer) => stateFrom(ARGO, textOf(answer, 'status', 'phase')),
    cancel: { method: 'PUT', url: `${url}/terminate`, headers, body: {} },
  };
}

function workflowsOf(target: TargetOf<'argo'>): string {
  return `${baseOf(target)}/api/v1/workflows/${target.namespace}`;
}

/** Kubeflow Pipelines v2beta1: it knows no idempotency, so runs of this name are looked for first. */
export function launchKubeflow(
  target: TargetOf<'kubeflow'>,
  { message, parameters, authorization }: Job,
): LaunchRequest {
  const name = nameOf(message.id);
  const runs = `${baseOf(target)}/apis/v2beta1/runs`;
  const predicates = [{ operation: 'EQUALS', key: 'display_name', string_value: name }];
  const filter = encodeURIComponent(JSON.stringify({ predicates }));
  const { pipeline, pipelineVersion, experiment, pipelineRoot, serviceAccount } = target;
  const version = pipelineVersion ? { pipeline_version_id: pipelineVersion } : {};
  const headers = { authorization };
  const urlOf = (run: string | null) => (run === null ? null : `${baseOf(target)}/#/runs/details/${run}`);
  return {
    method: 'POST',
    url: runs,
    headers,
    body: {
      display_name: name,
      ...(experiment ? { experiment_id: experiment } : {}),
      pipeline_version_reference: { pipeline_id: pipeline, ...version },
      runtime_config: { parameters, ...(pipelineRoot ? { pipeline_root: pipelineRoot } : {}) },
      ...(serviceAccount ? { service_account: serviceAccount } : {}),
    },
    already: [],
    runUrl: (answer) => urlOf(textOf(answer, 'run_id')),
    runRef: (answer) => textOf(answer, 'run_id'),
    look: {
      method: 'GET',
      url: `${runs}?filter=${filter}`,
      headers,
      body: null,
      found: (answer) => textOf(fieldOf(answer, 'runs', '0'), 'run_id'),
    },
  };
}

export function watchKubeflow(
  target: TargetOf<'kubeflow'>,
  { authorization }: Omit<Job, 'parameters'>,
  ref: string,
): WatchRequests {
  const url = `${baseOf(target)}/apis/v2beta1/runs/${ref}`;
  const headers = { authorization };
  return {
    status: { method: 'GET', url, headers, body: null },
    stateOf: (answer) => stateFrom(KUBEFLOW, textOf(answer, 'state')),
    cancel: { method: 'POST', url: `${url}:terminate`, headers, body: null },
  };
}

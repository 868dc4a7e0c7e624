import type { Json } from '../domain/ledger-entry.js';
import { awsHeaders, type AwsKey } from './aws-signature.js';
import {
  stateFrom,
  textOf,
  textParameters,
  type LaunchBody,
  type JobRequest,
  type Job,
  type LaunchRequest,
  type WatchRequests,
} from './launch-request.js';
import { baseOf, type TargetOf } from './target.js';

type Asked = Omit<Job, 'parameters'>;

/** Databricks Jobs 2.1 `run-now`: one run for one `idempotency_token`; job parameters are texts. */
export function launchDatabricks(
  target: TargetOf<'databricks'>,
  { message, parameters, authorization }: Job,
): LaunchRequest {
  const base = baseOf(target);
  return {
    method: 'POST',
    url: `${base}/api/2.1/jobs/run-now`,
    headers: { authorization },
    body: { job_id: target.job, idempotency_token: message.id, job_parameters: textParameters(parameters) },
    already: [],
    runUrl: (answer) => {
      const id = textOf(answer, 'run_id');
      return id === null ? null : `${base}/jobs/${target.job}/runs/${id}`;
    },
    runRef: (answer) => textOf(answer, 'run_id'),
  };
}

const DATABRICKS = {
  PENDING: 'accepted', QUEUED: 'accepted', BLOCKED: 'accepted', RUNNING: 'running', TERMINATING: 'running', SUCCESS: 'succeeded',
  FAILED: 'failed', TIMEDOUT: 'failed', CANCELED: 'cancelled', SKIPPED: 'failed', INTERNAL_ERROR: 'failed',
} as const; // prettier-ignore

export function watchDatabricks(
  target: TargetOf<'databricks'>,
  { authorization }: Asked,
  ref: string,
): WatchRequests {
  const runs = `${baseOf(target)}/api/2.1/jobs/runs`;
  const headers = { authorization };
  return {
    status: { method: 'GET', url: `${runs}/get?run_id=${ref}`, headers, body: null },
    stateOf: (answer) =>
      stateFrom(
        DATABRICKS,
        textOf(answer, 'state', 'result_state') ?? textOf(answer, 'state', 'life_cycle_state'),
      ),
    cancel: { method: 'POST', url: `${runs}/cancel`, headers, body: { run_id: Number(ref) } },
  };
}

/** SageMaker `StartPipelineExecution`: `ClientRequestToken` (32 hex digits are enough) makes a repetition harmless. Parameters are texts of at most 1024 characters. */
export function launchSagemaker(target: TargetOf<'sagemaker'>, job: Job): LaunchRequest {
  const given = Object.entries(textParameters(job.parameters)).map(([Name, Value]) => ({
    Name,
    Value: Value.slice(0, 1024),
  }));
  const request = sagemaker(target, 'StartPipelineExecution', job.at, {
    PipelineName: target.pipeline,
    ClientRequestToken: job.message.id,
    PipelineExecutionDisplayName: `tidewatch-${job.message.id}`,
    PipelineParameters: given,
  });
  const runRef = (answer: unknown) => textOf(answer, 'PipelineExecutionArn');
  // The console has no address by ARN; the ARN itself is what people look for.
  const place = `https://${target.region}.console.aws.amazon.com/sagemaker/home?region=${target.region}#/pipelines/${target.pipeline}/executions`;
  return { ...request, already: [], runUrl: (answer) => (runRef(answer) === null ? null : place), runRef };
}

const SAGEMAKER = {
  Executing: 'running',
  Stopping: 'running',
  Stopped: 'cancelled',
  Failed: 'failed',
  Succeeded: 'succeeded',
} as const;

export function watchSagemaker(
  target: TargetOf<'sagemaker'>,
  { message, at }: Asked,
  ref: string,
): WatchRequests {
  const stop = { PipelineExecutionArn: ref, ClientRequestToken: message.id };
  return {
    status: sagemaker(target, 'DescribePipelineExecution', at, { PipelineExecutionArn: ref }),
    stateOf: (answer) => stateFrom(SAGEMAKER, textOf(answer, 'PipelineExecutionStatus')),
    cancel: sagemaker(target, 'StopPipelineExecution', at, stop),
  };
}

function sagemaker(target: TargetOf<'sagemaker'>, operation: string, at: Date, body: LaunchBody): JobRequest {
  const url = baseOf(target);
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `SageMaker.${operation}` };
  const signed = {
    method: 'POST',
    path: '/',
    host: new URL(url).host,
    region: target.region,
    service: 'sagemaker',
    headers,
    body: JSON.stringify(body),
    at,
  } as const;
  return { method: 'POST', url: `${url}/`, headers: awsHeaders(keyOf(target), signed), body };
}

function keyOf({ accessKeyId, secretAccessKey, sessionToken }: TargetOf<'sagemaker'>): AwsKey {
  return { accessKeyId, secretAccessKey, sessionToken };
}

/** Vertex AI `pipelineJobs`: the id is ours, so that a second one is 409 (ALREADY_EXISTS). */
export function launchVertex(
  target: TargetOf<'vertex'>,
  { message, parameters, authorization }: Job,
): LaunchRequest {
  const id = `tidewatch-${message.id}`;
  const { templateUri, outputDirectory, serviceAccount, project, region } = target;
  const place = `https://console.cloud.google.com/vertex-ai/pipelines/locations/${region}/runs/${id}?project=${project}`;
  return {
    method: 'POST',
    url: `${jobsOf(target)}?pipelineJobId=${id}`,
    headers: { authorization },
    body: {
      displayName: id,
      templateUri,
      runtimeConfig: { gcsOutputDirectory: outputDirectory, parameterValues: parameters },
      ...(serviceAccount ? { serviceAccount } : {}),
      labels: { tidewatch: message.id },
    },
    already: [409],
    runUrl: () => place,
  };
}

const VERTEX = {
  PIPELINE_STATE_QUEUED: 'accepted', PIPELINE_STATE_PENDING: 'accepted', PIPELINE_STATE_RUNNING: 'running', PIPELINE_STATE_PAUSED: 'running',
  PIPELINE_STATE_CANCELLING: 'running', PIPELINE_STATE_SUCCEEDED: 'succeeded', PIPELINE_STATE_FAILED: 'failed', PIPELINE_STATE_CANCELLED: 'cancelled',
} as const; // prettier-ignore

export function watchVertex(target: TargetOf<'vertex'>, { message, authorization }: Asked): WatchRequests {
  const url = `${jobsOf(target)}/tidewatch-${message.id}`;
  const headers = { authorization };
  return {
    status: { method: 'GET', url, headers, body: null },
    stateOf: (answer) => stateFrom(VERTEX, textOf(answer, 'state')),
    cancel: { method: 'POST', url: `${url}:cancel`, headers, body: {} },
  };
}

function jobsOf(target: TargetOf<'vertex'>): string {
  return `${baseOf(target)}/v1/projects/${target.project}/locations/${target.region}/pipelineJobs`;
}

/** Azure Machine Learning: a job is put under our id, so that a repetition is the same job. What it does is the target's own template. */
export function launchAzure(
  target: TargetOf<'azure'>,
  { message, parameters, authorization }: Job,
): LaunchRequest {
  const { subscription, resourceGroup, workspace } = target;
  const wsid = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/workspaces/${workspace}`;
  return {
    method: 'PUT',
    url: azureJob(target, message.id),
    headers: { authorization },
    body: { properties: parameters satisfies Json },
    already: [409],
    runUrl: () => `https://ml.azure.com/runs/tidewatch-${message.id}?wsid=${wsid}`,
  };
}

const AZURE = {
  NotStarted: 'accepted', Starting: 'accepted', Provisioning: 'accepted', Preparing: 'accepted', Queued: 'accepted', Running: 'running',
  Finalizing: 'running', CancelRequested: 'running', NotResponding: 'running', Paused: 'running', Completed: 'succeeded', Failed: 'failed',
  Canceled: 'cancelled',
} as const; // prettier-ignore

export function watchAzure(target: TargetOf<'azure'>, { message, authorization }: Asked): WatchRequests {
  const headers = { authorization };
  return {
    status: { method: 'GET', url: azureJob(target, message.id), headers, body: null },
    stateOf: (answer) => stateFrom(AZURE, textOf(answer, 'properties', 'status')),
    cancel: { method: 'POST', url: azureJob(target, message.id, '/cancel'), headers, body: null },
  };
}

function azureJob(target: TargetOf<'azure'>, id: string, action = ''): string {
  const { subscription, resourceGroup, workspace, apiVersion } = target;
  const place = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.MachineLearningServices/workspaces/${workspace}`;
  return `${baseOf(target)}${place}/jobs/tidewatch-${id}${action}?api-version=${apiVersion}`;
}

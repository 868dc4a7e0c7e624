import type { RetrainMessage } from '../domain/retrain-message.js';
import { fillTemplate } from './job-template.js';
import * as airflow from './launch-airflow.js';
import * as cloud from './launch-cloud.js';
import * as git from './launch-github.js';
import * as kubernetes from './launch-kubernetes.js';
import {
  jobParameters,
  type LaunchBody,
  type Job,
  type JobPapers,
  type LaunchRequest,
  type WatchRequests,
} from './launch-request.js';
import type { Orchestrator } from './target.js';

/** The job with the parameters that the target wants: its template filled, or all there are. */
export function jobOf(
  target: Orchestrator,
  message: RetrainMessage,
  papers: JobPapers,
  { authorization, at }: Pick<Job, 'authorization' | 'at'>,
): Job {
  const all = jobParameters(message, papers);
  const template = target.kind === 'azure' ? target.job : target.parameters;
  const parameters = template ? (fillTemplate(template, all) as LaunchBody) : all;
  return { message, parameters, authorization, at };
}

/** The request that starts the run, with the retraining's id in the orchestrator's own idempotency field where it has one. */
export function launchRequest(target: Orchestrator, job: Job): LaunchRequest {
  switch (target.kind) {
    case 'airflow':
      return airflow.launch(target, job);
    case 'github':
      return git.launch(target, job);
    case 'argo':
      return kubernetes.launchArgo(target, job);
    case 'kubeflow':
      return kubernetes.launchKubeflow(target, job);
    case 'databricks':
      return cloud.launchDatabricks(target, job);
    case 'sagemaker':
      return cloud.launchSagemaker(target, job);
    case 'vertex':
      return cloud.launchVertex(target, job);
    case 'azure':
      return cloud.launchAzure(target, job);
  }
}

/** How a run is asked after and stopped; null where the orchestrator tells nothing and only the callback can. `ref` is what it calls the run. */
export function watchRequests(
  target: Orchestrator,
  job: Omit<Job, 'parameters'>,
  ref: string | null,
): WatchRequests | null {
  switch (target.kind) {
    case 'airflow':
      return airflow.watch(target, job);
    case 'github':
      return ref === null ? null : git.watch(target, job, ref);
    case 'argo':
      return kubernetes.watchArgo(target, job);
    case 'kubeflow':
      return ref === null ? null : kubernetes.watchKubeflow(target, job, ref);
    case 'databricks':
      return ref === null ? null : cloud.watchDatabricks(target, job, ref);
    case 'sagemaker':
      return ref === null ? null : cloud.watchSagemaker(target, job, ref);
    case 'vertex':
      return cloud.watchVertex(target, job);
    case 'azure':
      return cloud.watchAzure(target, job);
  }
}

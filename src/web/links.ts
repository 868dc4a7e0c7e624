import { featureText } from '../domain/feature-text.js';
import { html, type Html } from './html.js';

const part = encodeURIComponent;

export function modelPath(model: string): string {
  return `/models/${part(model)}`;
}

export function featurePath(model: string, feature: string): string {
  return `${modelPath(model)}/features/${part(feature)}`;
}

/** A version beside another; without one, beside whoever answers. */
export function comparisonPath(model: string, version: string, to: string | null = null): string {
  return `${modelPath(model)}/versions/${part(version)}${to === null ? '' : `?to=${part(to)}`}`;
}

/** Parts of a model's rows that are answered badly; `pairs`: two conditions at a time as well. */
export function slicesPath(model: string, pairs = false): string {
  return `${modelPath(model)}/slices${pairs ? '?pairs=yes' : ''}`;
}

export function modelLink(model: string): Html {
  return html`<a href="${modelPath(model)}">${model}</a>`;
}

/** The feature's page, the part of the traffic, or a word for what concerns the whole model. */
export function featureLink(model: string, feature: string | null, segment: string): Html {
  return feature === null || feature === ''
    ? html`<span class="hint">${segment === '' ? 'whole model' : segment}</span>`
    : html`<a href="${featurePath(model, feature)}">${featureText(feature)}</a>`;
}

export function incidentPath(id: string): string {
  return `/incidents/${part(id)}`;
}

export function casePath(id: string): string {
  return `/cases/${part(id)}`;
}

export const SILENCES = '/silences';

export const CHANNELS = '/channels';

export const DELIVERIES = '/deliveries';

export function deliveryPath(id: string): string {
  return `${DELIVERIES}/${part(id)}`;
}

export function closedDestinationPath(id: string): string {
  return `${DELIVERIES}/destinations/${part(id)}`;
}

export const APPROVALS = '/approvals';

export function approvalPath(id: string): string {
  return `${APPROVALS}/${part(id)}`;
}

export const POLICIES = '/policies';
/** A form; one level further down than any policy. */
export const PROPOSE = `${POLICIES}/-/propose`;

export function policyPath(id: string): string {
  return `${POLICIES}/${part(id)}`;
}

export const RETRAININGS = '/retrainings';

export function retrainingPath(id: string): string {
  return `${RETRAININGS}/${part(id)}`;
}

/** The list of one model's trainings. */
export function retrainingsOfPath(model: string): string {
  return `${RETRAININGS}?model=${part(model)}`;
}

export function previewPath(model: string): string {
  return `${RETRAININGS}/preview?model=${part(model)}`;
}

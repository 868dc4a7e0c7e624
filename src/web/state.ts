import type { CheckState } from '../domain/check-result.js';
import { worstOf, type IncidentState, type Severity } from '../domain/incident.js';
import type { Model, ModelStage } from '../domain/model.js';
import type { ShownState } from '../retraining/shown-state.js';
import type { Monitoring, MonitoringState } from '../domain/monitoring.js';
import { html, type Html } from './html.js';
import { minuteText, words } from '../domain/wording.js';

const CHECK_CLASS: Readonly<Record<CheckState, string>> = {
  ALERT: 'alert',
  NOTICE: 'notice',
  OK: 'ok',
  INSUFFICIENT: 'none',
  INDETERMINATE: 'none',
  LEARNING: 'none',
  NOT_APPLICABLE: 'none',
  NOT_JUDGED: 'none',
};

const badge = (kind: string, text: string) => html`<span class="state ${kind}">${text}</span>`;

/** The class that colours a state. */
export function checkClass(state: CheckState): string {
  return CHECK_CLASS[state];
}

function checkState(state: CheckState): Html {
  return badge(checkClass(state), stateText(state));
}

function stateText(state: CheckState): string {
  return state === 'OK' ? 'OK' : words(state);
}

/** The state of something of which incidents are open: a window that does not show them, or says nothing, does not end them. What alerts in its newest window says so. */
export function standingState(
  state: CheckState | null,
  open: readonly { readonly severity: Severity }[],
): Html | null {
  if (state === 'ALERT' || open.length === 0) return state && checkState(state);
  const worst = worstOf(open);
  return html`<span
    title="${state ? stateText(state) : 'no result'} in the newest window; an incident is open"
    >${badge(SEVERITY_CLASS[worst], `${worst}, open`)}</span
  >`;
}

const SEVERITY_CLASS: Readonly<Record<Severity, string>> = {
  critical: 'alert',
  warning: 'notice',
  info: 'none',
};

export function severityBadge(severity: Severity): Html {
  return badge(SEVERITY_CLASS[severity], severity);
}

/** What became of an incident; the severity beside it says how bad it is. */
export function incidentState(state: IncidentState | 'OPEN' | 'CLOSED'): Html {
  return badge(state === 'CLOSED' ? 'ok' : 'none', words(state));
}

const TRAINING_CLASS: Readonly<Record<ShownState, string>> = {
  DEFERRED: 'none',
  RECOMMENDED: 'notice',
  PROPOSED: 'notice',
  APPROVED: 'none',
  REQUESTED: 'none',
  ACCEPTED: 'none',
  RUNNING: 'none',
  SUCCEEDED: 'none',
  FAILED: 'alert',
  REJECTED: 'none',
  CANCELLED: 'none',
  TIMED_OUT: 'alert',
  PROVED: 'ok',
  DISPROVED: 'alert',
};

/** Where a training stands; what waits for a person stands out, and only one that helped is good. */
export function trainingState(state: ShownState): Html {
  return badge(TRAINING_CLASS[state], words(state));
}

const MONITORING_CLASS: Readonly<Record<MonitoringState, string>> = {
  NO_DATA: 'none',
  LEARNING: 'none',
  PARTLY: 'notice',
  JUDGING: 'ok',
  CANNOT_JUDGE: 'alert',
  SUSPENDED: 'none',
};

/**
 * The state of one model in a word or two: what is open of it, and where that is nothing that people are told, how far it is monitored; never OK while anything is open, nor while its
 * stream has stopped: since then no row has come, epoch ms.
 */
export function modelState(
  open: readonly { readonly severity: Severity }[],
  { state, reason }: Pick<Monitoring, 'state' | 'reason'>,
  silentSince: number | null,
): Html {
  const counts = (['critical', 'warning', 'info'] as const).map((severity) => ({
    severity,
    count: open.filter((one) => one.severity === severity).length,
  }));
  const shown = counts.filter(({ count }) => count > 0);
  const badges = shown.map(({ severity, count }) => html`${badge(SEVERITY_CLASS[severity], `${count} ${severity}`)} `); // prettier-ignore
  const stopped =
    silentSince === null ? '' : badge('notice', `no rows since ${minuteText(new Date(silentSince))}`);
  const isToldElse = shown.length > 0 || silentSince !== null;
  if (worstOf(open) !== 'info' || (isToldElse && state === 'JUDGING')) return html`${badges}${stopped}`;
  const text = state === 'JUDGING' ? 'OK' : words(state);
  return html`${badges}${stopped}
    <span title="${reason ?? ''}">${badge(MONITORING_CLASS[state], text)}</span>`;
}

/** The same of the page of a version that does not answer: what the model is of others is no word on it. */
export function versionState(stage: ModelStage, isLabelled: boolean): Html {
  const judged = isLabelled ? 'judged for whoever looks, told to nobody' : 'no label of its own';
  return html`<span
    title="what this page shows is of this version; the state of the model is that of the version that answers"
    >${badge('none', `${stage}: ${judged}`)}</span
  >`;
}

/** What stands in the place of a reference where there is none: why it could not be frozen, or whether one is being learnt at all. */
export function noReference(
  { baseline }: Pick<Model, 'baseline'>,
  problem: string | null | undefined,
): string {
  return problem ?? (baseline ? 'learning' : 'none is named');
}

import { runChecks } from '../checks/run-checks.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { Model } from '../domain/model.js';
import { decideIncidents } from '../incidents/decide-incidents.js';
import { evaluatePolicies } from '../policies/evaluate.js';
import { judgesOf } from '../policies/judges.js';
import { withHolidays } from '../registry/holidays.js';
import { championOf } from '../registry/answering.js';
import type { RetrainContext } from '../retraining/ask.js';
import { decideRetraining } from '../retraining/decide.js';
import { decideMessages } from './decide-messages.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import type { DueWindow, Finding } from './finding.js';
import { asHistory } from './history.js';
import { askedStreams } from './label-streams.js';
import { isOnTrial, isOver } from './nobodys-window.js';
import type { Stages } from './stages.js';
import { profileOf, resultsOf } from './track.js';
import { digestOf, namesOfPolicies } from './window-entry.js';
import { withMeans } from './with-means.js';
import { withSources } from './with-sources.js';

/** From a window's profile to what the policies say of it. Pure: the same window, reference and memory give the same finding. */
export function judgeWindow(due: DueWindow, policies: Stages['policies']): Finding {
  const { model, window, track, reference, rules, budget, memory, excuse, isHistory } = due;
  const profile = profileOf(track, due.profile, rules);
  const state = memory.checks;
  const terms = { window, profile, rules, state, budget, excuse };
  const asked = profile.errors && askedStreams(policies, model, reference.baseline);
  const checked = runChecks({
    model: withHolidays(model),
    ...reference,
    ...terms,
    ...(asked ? { detectors: asked.detectors } : {}),
  });
  const found = isHistory ? asHistory(checked.results) : checked.results;
  const results = resultsOf(track, found, rules);
  const judged = evaluatePolicies(policies, {
    model,
    window,
    results,
    state: memory.policies,
    predictions: due.profile.predictions,
    excused: excuse !== null || isHistory,
  });
  const { dryRun } = judged;
  const names = namesOfPolicies(judgesOf(policies, model));
  const means = withMeans(
    judged.verdicts,
    { features: profile.features, measures: profile.measures, pending: state?.pending },
    reference.baseline,
  );
  const verdicts = withSources(means, model);
  const left = { checks: checked.state, policies: judged.state };
  return {
    due,
    results,
    digest: digestOf(results),
    verdicts,
    dryRun,
    policies: names,
    memory: left,
    rows: null,
  };
}

/** What follows from a finding, as entries of the ledger: incidents, messages, requests to retrain. */
export function decideConsequences(stages: Stages, finding: Finding, now: Date): readonly NewEntry[] {
  const { due } = finding;
  const verdicts = isNobodys(stages, due) ? [] : finding.verdicts;
  const incidents = decideIncidents(stages.incidents, { verdicts, window: due.window }, now);
  const messages = decideMessages(stages, incidents.changes, now);
  const retraining = decideRetraining(
    stages.retrainings,
    incidents.changes,
    retrainContext(stages, due.model, stages.incidents.openOf(due.model.key)),
    now,
  );
  return [...incidents.entries, ...messages, ...retraining];
}

/** Whether nothing follows from a window: what is on trial is judged for whoever looks at it, as is what lies before the stream, and a retired version's time is past. */
function isNobodys({ registry }: Pick<Stages, 'registry'>, { model, window, isHistory }: DueWindow): boolean {
  if (isHistory) return true;
  const versions = registry.find(model.key)?.versions ?? [];
  return isOnTrial(versions, window.version) || isOver(versions, model, window);
}

/** What tells whether and how a model may be trained now. */
export type TrainingParts = Pick<Stages, 'baseUrl' | 'book' | 'guards' | 'incidents' | 'newLabels' | 'registry' | 'tokenHash'>; // prettier-ignore

/** What decides whether and how a model may be trained now. */
export function retrainContext(
  stages: TrainingParts,
  model: Model,
  open: readonly IncidentRecord[],
): RetrainContext {
  const { guards, baseUrl, tokenHash } = stages;
  const champion = championOf(stages.registry.find(model.key)?.versions ?? []);
  const known = () => stages.incidents.list({ model: model.key });
  const newLabels = stages.newLabels.of(model.key);
  const newest = stages.book.newestRow(model.key);
  const newestRowAt = newest === null ? null : new Date(newest);
  return { model, champion, guards, open, known, newLabels, newestRowAt, baseUrl, tokenHash };
}

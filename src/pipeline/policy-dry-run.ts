import { versionPlace } from '../domain/version-place.js';
import { headlineOf } from '../domain/incident-headline.js';
import { setImmediate } from 'node:timers/promises';
import type { CheckResult } from '../domain/check-result.js';
import { detectorStatistic } from '../domain/detector.js';
import type { Incident, Severity } from '../domain/incident.js';
import type { Model } from '../domain/model.js';
import type { Window } from '../domain/window.js';
import { decideIncidents } from '../incidents/decide-incidents.js';
import { Incidents } from '../incidents/incidents.js';
import type { CompiledPolicy } from '../policies/compiled-policy.js';
import { evaluatePolicies } from '../policies/evaluate.js';
import type { PolicyState } from '../policies/policy-state.js';
import type { Database } from '../store/database.js';
import type { Track } from '../windows/due-windows.js';
import { RehearsedMessages, type ChannelMessages, type Telling } from './rehearsed-messages.js';
import { resultsOf } from './track.js';
import { readResults, readWindows, windowKey, type WindowRow } from './window-reads.js';

/** An incident that a set of policies would have opened, worsened or brought back; `notifies` says whether a person would have heard of it. */
export interface WouldBe {
  readonly model: string;
  readonly version: string;
  readonly policy: string;
  readonly rule: string;
  readonly check: string;
  readonly feature: string | null;
  readonly severity: Severity;
  readonly kind: 'opened' | 'escalated' | 'reopened';
  /** End of the window that shows it. */
  readonly at: Date;
  readonly summary: string;
  readonly notifies: boolean;
  /** Would ask for retraining; guard rails may still refuse. */
  readonly retrain: boolean;
}

export interface DryRunReport {
  readonly windows: number;
  /** Those of models that the candidate is about. */
  readonly concerned: number;
  readonly active: readonly WouldBe[];
  readonly candidate: readonly WouldBe[];
  /** Messages by channel, under either. */
  readonly messages: {
    readonly active: readonly ChannelMessages[];
    readonly candidate: readonly ChannelMessages[];
  };
  /** Detectors on labels that the candidate asks for and that read none of these windows: what they would have found is not known. */
  readonly notComputed: readonly string[];
}

export interface DryRunOrder {
  readonly models: readonly Model[];
  /** The policies in force, and those that would be. */
  readonly active: readonly CompiledPolicy[];
  readonly candidate: readonly CompiledPolicy[];
  readonly telling: Telling;
  /** Whether the change is about a model. */
  readonly concerns: (model: Model) => boolean;
  /** Windows that start in `[since, until)`. */
  readonly since: Date;
  readonly until: Date;
}

/** Windows read together; results of more would only fill memory. */
const WINDOWS_JUDGED_AT_ONCE = 200;
const TRACKS: readonly Track[] = ['inputs', 'labels'];

/**
 * Judges stored results again, under the policies in force and under others, from an empty memory in both cases, so that the difference is
 * the policies' alone. What the checks found is not computed again and nothing is recorded.
 */
export async function dryRunPolicies(database: Database, order: DryRunOrder): Promise<DryRunReport> {
  const active = new Rehearsal(order.active, order.telling);
  const candidate = new Rehearsal(order.candidate, order.telling);
  const unread = new Set(
    order.candidate.flatMap(({ rules }) =>
      rules.flatMap(({ detector }) => (detector ? [detectorStatistic(detector)] : [])),
    ),
  );
  let windows = 0;
  let concerned = 0;
  for (const model of order.models) {
    for await (const { row, results } of storedWindows(database, model, order)) {
      windows += 1;
      if (order.concerns(model)) concerned += 1;
      for (const { statistic } of results) unread.delete(statistic);
      for (const rehearsal of [active, candidate]) rehearsal.judge(model, row, results);
      await setImmediate(); // a service goes on answering meanwhile
    }
  }
  const messages = { active: active.messages.counts(), candidate: candidate.messages.counts() };
  return {
    windows,
    concerned,
    active: active.found(),
    candidate: candidate.found(),
    messages,
    notComputed: [...unread],
  };
}

/** One set of policies going through the windows in order. */
class Rehearsal {
  private readonly consequences: (Omit<WouldBe, 'summary'> & { readonly incident: Incident })[] = [];
  readonly messages: RehearsedMessages;
  private readonly incidents = new Incidents();
  private readonly states = new Map<string, PolicyState>();
  private seq = 0;

  constructor(
    private readonly policies: readonly CompiledPolicy[],
    telling: Telling,
  ) {
    this.messages = new RehearsedMessages(telling, this.incidents);
  }

  judge(model: Model, row: WindowRow, results: readonly CheckResult[]): void {
    const window: Window = {
      model: row.model,
      version: row.version,
      from: new Date(row.from),
      to: new Date(row.to),
      revision: row.revision,
    };
    for (const track of TRACKS) {
      const place = `${versionPlace(row.model, row.version)}\0${track}`;
      const state = this.states.get(place) ?? null;
      const judged = evaluatePolicies(this.policies, {
        model,
        window,
        // Stored results do not say which rule they are of: the check decides, and each is judged once all the same.
        results: resultsOf(track, results, []),
        state,
      });
      this.states.set(place, judged.state);
      this.follow(judged.verdicts, window);
    }
  }

  /** What was found, in the words of its messages: those speak of all windows of an incident, of which the first knows one. */
  found(): readonly WouldBe[] {
    return this.consequences.map(({ incident, ...found }) => {
      const last = this.incidents.find(incident.id) ?? incident;
      return { ...found, summary: headlineOf(last.occurrences === incident.occurrences ? last : incident) };
    });
  }

  private follow(verdicts: Parameters<typeof decideIncidents>[1]['verdicts'], window: Window): void {
    const { entries, changes } = decideIncidents(this.incidents, { verdicts, window }, window.to);
    for (const entry of entries) this.incidents.apply({ ...entry, seq: ++this.seq, hash: '' });
    this.messages.follow(changes, window.to);
    for (const { kind, incident, notify } of changes) {
      if (kind !== 'opened' && kind !== 'escalated' && kind !== 'reopened') continue;
      const { signal, policy, severity, retrain } = incident;
      this.consequences.push({
        incident,
        model: signal.model,
        version: signal.version,
        policy: policy.id,
        rule: policy.rule,
        check: signal.check,
        feature: signal.feature,
        severity,
        kind,
        at: window.to,
        notifies: notify,
        retrain,
      });
    }
  }
}

async function* storedWindows(
  database: Database,
  model: Model,
  { since, until }: Pick<DryRunOrder, 'since' | 'until'>,
): AsyncGenerator<{ readonly row: WindowRow; readonly results: readonly CheckResult[] }> {
  const step = WINDOWS_JUDGED_AT_ONCE * model.window;
  for (let from = since.getTime(); from < until.getTime(); from += step) {
    const to = Math.min(from + step, until.getTime());
    const query = { model: model.key, version: null, since: from, until: to, after: null, limit: 100_000 };
    const rows = [...(await readWindows(database, query))].reverse();
    const filter = { model: model.key, windows: rows, feature: null, check: null };
    const results = await readResults(database, filter);
    for (const row of rows) yield { row, results: results.get(windowKey(row)) ?? [] };
  }
}

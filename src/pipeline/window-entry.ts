import { createHash } from 'node:crypto';
import type { CheckResult } from '../domain/check-result.js';
import type { Verdict } from '../domain/incident.js';
import { SYSTEM, type Json, type NewEntry } from '../domain/ledger-entry.js';
import { canonicalJson } from '../ledger/canonical-json.js';
import type { Finding } from './finding.js';
import { judgedRowsJson } from './judged-rows.js';

/**
 * The record of judgements of one model version: which rows were held against what, by which policies, and a digest of every result, so
 * that an auditor who computes a window again can tell whether it was judged as it should. One entry holds as many as were judged together;
 * entries of layout 1, of before, are one window each, its fields in the place of `windows`, and those of layout 2 do not say why a silence was
 * excused; up to layout 3, what people expect of rows held from the next reference on; up to layout 4 they do not say how many rows the whole model had where
 * versions share them; up to layout 5 they do not say what the rows were; up to layout 6 `policies` are those alone that decided about something, and not those that had nothing to say or something milder; up to layout 7 nothing says since when rows wait that are put together with those of later windows, nor results, and the memory of days, what they are read as. `history` stands in windows from before the version's stream began. `batch` is the same in entries whose windows are
 * stored together.
 */
export function windowsEvaluated(
  findings: readonly [Finding, ...Finding[]],
  batch: number,
  at: Date,
): NewEntry {
  const { window, reference } = findings[0].due;
  return {
    action: 'window.evaluated',
    actor: SYSTEM,
    at,
    subject: { type: 'model_version', id: `${window.model}@${window.version}` },
    data: {
      layout: 8,
      batch,
      model: window.model,
      version: window.version,
      baseline: reference.baseline?.fingerprint ?? null,
      ...(reference.baseline?.labels ? { labels: reference.baseline.labels.fingerprint } : {}),
      windows: findings.map(windowJson),
    },
  };
}

function windowJson({ due, results, digest, policies, dryRun, rows }: Finding): Json {
  const { window, track, profile, budget, inputs, excuse, isHistory } = due;
  return {
    from: window.from.toISOString(),
    to: window.to.toISOString(),
    revision: window.revision,
    track,
    predictions: profile.predictions,
    labelled: profile.performance.labelled,
    share: budget.share,
    states: countStates(results),
    inputs,
    digest,
    policies,
    ...(rows ? judgedRowsJson(rows.judged) : {}),
    ...(excuse === null ? {} : { excuse: excuse }),
    ...(isHistory ? { history: true } : {}),
    ...(profile.modelRows === undefined ? {} : { modelRows: profile.modelRows }),
    ...(dryRun.length > 0 ? { dryRun: dryRun.map((verdict) => verdict.summary) } : {}),
  };
}

function countStates(results: readonly CheckResult[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of results) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** SHA-256 of the results' canonical JSON; a number that was not computed is null. */
export function digestOf(results: readonly CheckResult[]): string {
  const plain: Json[] = results.map(({ since, restsFrom, ...result }) => ({
    ...result,
    ...(restsFrom === undefined ? {} : { restsFrom: restsFrom.toISOString() }),
    value: finite(result.value),
    evidence: finite(result.evidence),
    effect: finite(result.effect),
    since: since?.toISOString() ?? null,
  }));
  return createHash('sha256').update(canonicalJson(plain)).digest('hex');
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

/** Policies as a judgement names them, each once, as `id@version:hash`. */
export function namesOfPolicies(policies: readonly Omit<Verdict['policy'], 'rule'>[]): string[] {
  return [
    ...new Set(policies.map(({ id, version, hash }) => `${id}@${version}:${hash.slice(0, 16)}`)),
  ].sort();
}

import { durationText } from '../domain/duration.js';
import { countText } from '../domain/wording.js';
import { SEVERITIES } from '../domain/incident.js';
import type { Policy, PolicyRule } from './policy-schema.js';

type Level = PolicyRule['levels'][number];

const ENFORCED: Readonly<Record<Policy['spec']['enforcement'], string>> = {
  enforce: 'what it finds opens incidents, tells people and may ask for a training',
  warn: 'what it finds is a warning at most, and never asks for a training',
  dryrun: 'what it finds is recorded as what would have been: nothing is opened and nobody told',
};

/** A policy in words, for who has to agree to it and does not read its file: a line each, rules after the whole, most severe level first. */
export function explainPolicy({ metadata, spec }: Policy): readonly string[] {
  const { id, version, owner, description, legalBasis } = metadata;
  const about = spec.appliesTo === undefined ? 'every model' : `models of which ${spec.appliesTo}`;
  return [
    `${id}@${version} of ${owner}, ${spec.enforcement}: ${ENFORCED[spec.enforcement]}`,
    ...(description === '' ? [] : [`  ${sentence(description)}`]),
    ...legalBasis.map((law) => `  legal basis: ${law}`),
    `  is about ${about}`,
    `  a model that cannot be judged: ${unjudgedText(spec.unjudged)}`,
    ...spec.rules.flatMap((rule) => ['', ...ruleLines(rule, spec.onIndeterminate, metadata.runbook)]),
  ];
}

function unjudgedText(unjudged: Policy['spec']['unjudged']): string {
  if (unjudged === false) return 'left to other policies';
  const { after, severity, channels } = unjudged;
  return `${severity} after ${durationText(after)}, ${toldText(channels)}`;
}

function ruleLines(
  rule: PolicyRule,
  onIndeterminate: Policy['spec']['onIndeterminate'],
  general: string | undefined,
): readonly string[] {
  const runbook = rule.runbook ?? general;
  const bySeverity = rule.levels.toSorted((a, b) => rank(b) - rank(a));
  const own = bySeverity.map((level, i) => levelLine(rule, level, i));
  return [
    `rule ${rule.id}: ${subjectText(rule)}`,
    ...(rule.description === undefined ? [] : [`  ${sentence(rule.description)}`]),
    ...(rule.minRows > 0 ? [`  windows of fewer than ${countText(rule.minRows)} rows change nothing`] : []),
    ...own,
    `  over: after ${windowsText(rule.clear.for.windows)} in which ${rule.clear.when ?? 'none of that holds'}`,
    `  without an answer: ${blindText(rule, onIndeterminate)}`,
    ...(runbook === undefined ? [] : [`  what to do: ${runbook}`]),
  ];
}

/** Which results it reads. A rule that lists none reads all. */
function subjectText({ checks, features, segments, statistics, detector }: PolicyRule): string {
  if (detector !== undefined) return `errors by label, read one by one by ${detector.kind}`;
  const parts = [
    checks.length === 0 ? 'every check' : checks.join(', '),
    ...(features.length === 0 ? [] : [`of the features ${features.join(', ')}`]),
    ...(segments.length === 0 ? [] : [`of the segments ${segments.join(', ')}`]),
    ...(statistics.length === 0 ? [] : [`by ${statistics.join(', ')}`]),
  ];
  return parts.join(' ');
}

function levelLine(rule: PolicyRule, level: Level, place: number): string {
  const conditions = [rule.when, level.when].filter((one) => one !== undefined);
  const when = conditions.length === 0 ? 'an alarm is raised' : conditions.map(grouped).join(' && ');
  const channels = level.channels ?? rule.channels;
  const trains = level.retrain ?? rule.retrain;
  const before = place === 0 ? '' : 'else ';
  return `  ${before}${level.severity}: where ${when}${persistenceText(level.for)}; ${toldText(channels)}${trains ? '; asks for a training' : ''}`;
}

/** Several conditions keep their own reading where they are joined. */
function grouped(condition: string, _: number, all: readonly string[]): string {
  const text = sentence(condition);
  return all.length > 1 && text.includes('||') ? `(${text})` : text;
}

function persistenceText({ windows, of = windows, gaps }: Level['for']): string {
  if (windows === 1 && of === 1) return '';
  const count =
    of === windows ? `in ${windowsText(windows)} in a row` : `in ${windows} of the newest ${of} windows`;
  const gap =
    gaps === 'reset' ? ', counted anew after one without an answer' : ', those without an answer left out';
  return `, ${count}${gap}`;
}

function blindText({ blind }: PolicyRule, onIndeterminate: Policy['spec']['onIndeterminate']): string {
  if (blind === false || onIndeterminate === 'hold') return 'what is open stays open, and nobody is told';
  return `${blind.severity} after ${windowsText(blind.windows)} (${blind.states.join(', ')})`;
}

const rank = ({ severity }: Level): number => SEVERITIES.indexOf(severity);

const toldText = (channels: readonly string[]): string =>
  channels.length === 0 ? 'nobody is told' : `tells ${channels.join(', ')}`;

const windowsText = (windows: number): string =>
  windows === 1 ? 'one window' : `${countText(windows)} windows`;

/** What was written over several lines, on one. */
const sentence = (text: string): string => text.replace(/\s+/gu, ' ').trim();

import { detectorStatistic } from '../domain/detector.js';
import { SEVERITIES } from '../domain/incident.js';
import type { CompiledLevel, CompiledPolicy, CompiledRule } from './compiled-policy.js';
import { compileExpression, ExpressionError, type Expression } from './expression.js';
import type { Policy, PolicyRule } from './policy-schema.js';

/** A problem at a place in the document (a path of keys). */
export interface PathProblem {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Checks and compiles every expression of a policy. All problems are listed; the compiled policy is only of use when there are none. */
export function compilePolicy(
  policy: Policy,
  { hash, content }: Pick<CompiledPolicy, 'hash' | 'content'>,
  file: string,
): { policy: CompiledPolicy; problems: readonly PathProblem[] } {
  const problems: PathProblem[] = [];
  const compile: Compile = (text, path, over = 'result') => {
    try {
      return compileExpression(text, over);
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      problems.push({
        path,
        message: `${path.map(String).join('.')}: ${error.message}, at character ${error.offset + 1} of "${text}"`,
      });
      return () => null;
    }
  };
  const { metadata, spec } = policy;
  repeated(spec.rules.map((rule) => rule.id)).forEach((id, i) => {
    if (id) problems.push({ path: ['spec', 'rules', i, 'id'], message: `two rules are called ${id}` });
  });
  const compiled: CompiledPolicy = {
    id: metadata.id,
    version: metadata.version,
    hash,
    content,
    owner: metadata.owner,
    description: metadata.description,
    legalBasis: metadata.legalBasis,
    runbook: metadata.runbook ?? null,
    enforcement: spec.enforcement,
    appliesTo:
      spec.appliesTo === undefined ? () => true : compile(spec.appliesTo, ['spec', 'appliesTo'], 'model'),
    unjudged: spec.unjudged === false ? null : spec.unjudged,
    rules: spec.rules.map((rule, i) =>
      compileRule(rule, spec.onIndeterminate, ['spec', 'rules', i], compile),
    ),
    file,
  };
  return { policy: compiled, problems };
}

/** What a detector's rule is about where it does not say. */
const ALARMED = 'state == "ALERT"';

type Compile = (text: string, path: readonly PropertyKey[], over?: 'model' | 'result') => Expression;

function compileRule(
  rule: PolicyRule,
  onIndeterminate: 'alert' | 'hold',
  path: readonly PropertyKey[],
  compile: Compile,
): CompiledRule {
  const { detector = null } = rule;
  const when = rule.when ?? (detector ? ALARMED : null);
  const base = when === null ? null : compile(when, [...path, 'when']);
  const levels = rule.levels.map((level, i): CompiledLevel => {
    const own = level.when === undefined ? null : compile(level.when, [...path, 'levels', i, 'when']);
    return {
      severity: level.severity,
      when: both(base, own),
      windows: level.for.windows,
      of: level.for.of ?? level.for.windows,
      gaps: level.for.gaps,
      channels: level.channels ?? rule.channels,
      retrain: level.retrain ?? rule.retrain,
    };
  });
  return {
    id: rule.id,
    checks: detector ? ['concept_drift'] : rule.checks,
    features: rule.features,
    segments: rule.segments,
    statistics: detector ? [detectorStatistic(detector)] : rule.statistics,
    detector,
    minRows: rule.minRows,
    levels: levels.sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity)),
    clear: rule.clear.when === undefined ? () => true : compile(rule.clear.when, [...path, 'clear', 'when']),
    clearAfter: rule.clear.for.windows,
    blind: onIndeterminate === 'alert' && rule.blind !== false ? rule.blind : null,
    channels: rule.channels,
    runbook: rule.runbook ?? null,
  };
}

/** Both hold; where one is false the other need not be known. */
function both(a: Expression | null, b: Expression | null): Expression {
  if (!a || !b) return a ?? b ?? (() => null);
  return (facts) => {
    const first = a(facts);
    if (first === false) return false;
    const second = b(facts);
    return second === false ? false : first === null || second === null ? null : true;
  };
}

function repeated(ids: readonly string[]): readonly (string | null)[] {
  return ids.map((id, i) => (ids.indexOf(id) < i ? id : null));
}

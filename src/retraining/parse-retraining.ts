import { CodedError } from '../domain/coded-error.js';
import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { resolvedProblems, resolveReferences } from '../config/references.js';
import { RetrainingGuards } from './guards.js';

const Document = z.strictObject({ retraining: RetrainingGuards });

/** A retraining document that cannot be used, with everything wrong in it. */
export class RetrainingConfigError extends CodedError {
  override readonly name = 'RetrainingConfigError';
  readonly code = 'bad_retraining';

  constructor(readonly problems: readonly string[]) {
    super(`the retraining file cannot be used:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/**
 * Targets and guards from YAML: `retraining: { paused, targets: { <name>: { kind, url, … } }, models: { <key or *>: { target, mode, … } } }`.
 * `${NAME}` in any text is replaced by `lookup(NAME)`. Throws RetrainingConfigError with every problem.
 */
export function parseRetraining(
  text: string,
  lookup: (name: string) => string | undefined,
): RetrainingGuards {
  const resolved = resolveReferences(readYaml(text), lookup);
  const result = Document.safeParse(resolved.value);
  if (result.success && resolved.missing.length === 0) return result.data.retraining;
  throw new RetrainingConfigError(resolvedProblems(resolved, result.error));
}

function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    // ReferenceError: aliases that repeat too much, or stand for nothing
    if (error instanceof YAMLParseError || error instanceof ReferenceError)
      throw new RetrainingConfigError([error.message]);
    throw error;
  }
}

import { CodedError } from '../domain/coded-error.js';

export interface PolicyProblem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

/** Policies that must not come into force, with every problem of every file; the set in force stays as it is. */
export class PolicyError extends CodedError {
  override readonly name = 'PolicyError';
  readonly code = 'bad_policy';
  constructor(readonly problems: readonly PolicyProblem[]) {
    const lines = problems.map(({ file, line, message }) => `${file}:${line}: ${message}`);
    super(
      `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'} in the policies\n${lines.join('\n')}`,
    );
  }
}

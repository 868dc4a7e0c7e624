import { CodedError } from '../domain/coded-error.js';

export interface PolicyProblem {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly message: string;
}

/** A problem with its place. */
export function placeText({ file, line, message }: PolicyProblem): string {
  return `${file}:${line}: ${message}`;
}

/** Policies that must not come into force, with every problem of every file; the set in force stays as it is. */
export class PolicyError extends CodedError {
  override readonly name = 'PolicyError';
  readonly code = 'bad_policy';
  /** A sentence each, as every error of ours has them that names several. */
  readonly problems: readonly string[];
  constructor(readonly places: readonly PolicyProblem[]) {
    const lines = places.map(placeText);
    super(
      `${lines.length} ${lines.length === 1 ? 'problem' : 'problems'} in the policies\n${lines.join('\n')}`,
    );
    this.problems = lines;
  }
}

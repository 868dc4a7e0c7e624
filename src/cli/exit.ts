import { CodedError } from '../domain/coded-error.js';
import { CommanderError } from 'commander';

/** Something the person at the terminal can put right; shown without a stack trace. Exit code 2. */
export class CliError extends CodedError {
  override readonly name = 'CliError';
  constructor(
    message: string,
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export interface Failure {
  readonly exitCode: number;
  /** For people; empty when commander has said it already. */
  readonly text: string;
  readonly code: string;
}

/**
 * What to say of an error and how to end: 0 for help that was asked for, 1 for a file in which something is wrong, 2 for everything that kept a verb from doing its work. Errors with
 * a `code` or `problems` explain themselves; the stack of any other is a bug report's best part.
 */
export function failureOf(error: unknown): Failure {
  if (error instanceof CommanderError)
    return { exitCode: error.exitCode === 0 ? 0 : 2, text: '', code: error.code };
  if (!(error instanceof Error)) return { exitCode: 2, text: String(error), code: 'unknown' };
  const missing = fileTrouble(error);
  if (missing !== null) return { exitCode: 2, ...missing };
  const { code, problems } = error as Error & { readonly code?: unknown; readonly problems?: unknown };
  const expected = code !== undefined || problems !== undefined || error.name !== 'Error';
  const programming = error instanceof TypeError || error instanceof ReferenceError;
  if (expected && !(programming && code === undefined))
    return {
      exitCode: code === 'table' ? 1 : 2,
      text: error.message,
      code: typeof code === 'string' ? code : error.name,
    };
  return { exitCode: 2, text: error.stack ?? error.message, code: 'unexpected' };
}

const FILE_TROUBLES: Readonly<
  Record<string, { readonly text: (path: string) => string; readonly code: string }>
> = {
  ENOENT: { text: (path) => `there is no file ${path}`, code: 'no_file' },
  ENOTDIR: { text: (path) => `there is no file ${path}`, code: 'no_file' },
  EISDIR: { text: (path) => `${path} is a folder: name a file in it`, code: 'not_a_file' },
  EACCES: { text: (path) => `${path} may not be read or written by this user`, code: 'no_access' },
};

/** What is wrong with a file that a verb was given, in words; null when the error is of another kind. */
function fileTrouble(error: Error): { readonly text: string; readonly code: string } | null {
  const { code, path } = error as NodeJS.ErrnoException;
  const trouble = FILE_TROUBLES[code ?? ''];
  if (!trouble) return null;
  // Reading a folder fails after it was opened, and then Node no longer says which it was.
  return { text: path === undefined ? error.message : trouble.text(path), code: trouble.code };
}

import { interpreters, runPython } from '../support/python.js';

/** What a Python interpreter answered, or the reason there was no answer. */
export type Answer<T> = { readonly value: T } | { readonly missing: string };

/**
 * Runs a Python program that reads JSON from standard input and prints JSON, in the first interpreter of ORACLE_PYTHON that has its modules.
 * A missing interpreter or module, or one that does not load, is a reason, anything else an error.
 */
export function askPython<T>(program: string, input: unknown): Answer<T> {
  const answer = runPython(interpreters(), { args: ['-c', program], input, timeoutMs: 60_000 });
  if ('value' in answer) return { value: answer.value as T };
  if ('missing' in answer) return answer;
  throw new Error(`python failed: ${'slow' in answer ? answer.slow : answer.failed}`);
}

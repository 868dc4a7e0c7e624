import { spawnSync } from 'node:child_process';

/** What a Python interpreter answered, or the reason there was no answer. */
export type Answer<T> = { readonly value: T } | { readonly missing: string };

/**
 * Runs a Python program that reads JSON from standard input and prints JSON, in the interpreter ORACLE_PYTHON names
 * (python3 otherwise). A missing interpreter or module, or one that does not load, is a reason, anything else an error.
 */
export function askPython<T>(program: string, input: unknown): Answer<T> {
  const python = process.env['ORACLE_PYTHON'] ?? 'python3';
  const run = spawnSync(python, ['-c', program], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  // A failed import closes the pipe we write to, so its message is looked for before the broken pipe is.
  const absent = /ModuleNotFoundError: No module named '([\w.]+)'/.exec(run.stderr ?? '');
  if (absent) return { missing: `${python} has no module ${absent[1]}` };
  const broken = /^ImportError: (.+)$/mu.exec(run.stderr ?? '');
  if (broken) return { missing: `${python} has a module that does not load: ${broken[1]}` };
  if (run.error) return { missing: `${python} does not start: ${run.error.message}` };
  if (run.status !== 0) throw new Error(`${python} failed:\n${run.stderr}`);
  return { value: JSON.parse(run.stdout) as T };
}

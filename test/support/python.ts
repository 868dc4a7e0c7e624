import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';

/** What a Python program answered, or why there is no answer: not here, over its time, or broken. */
export type PythonAnswer =
  | { readonly value: unknown }
  | { readonly missing: string }
  | { readonly slow: string }
  | { readonly failed: string };

export interface PythonRun {
  /** Arguments of the interpreter: `-c` and a program, or a file and its own arguments. */
  readonly args: readonly string[];
  /** Written to standard input as JSON. */
  readonly input: unknown;
  readonly timeoutMs: number;
}

/** Packages that report their use to their makers are asked not to. */
const QUIET = { DO_NOT_TRACK: '1', NML_DISABLE_USAGE_LOGGING: '1' };

/** Interpreters in ORACLE_PYTHON, separated as in PATH because packages rarely agree on one NumPy; else python3. */
export function interpreters(named: string | undefined = process.env['ORACLE_PYTHON']): string[] {
  const given = (named ?? '').split(delimiter).filter((name) => name !== '');
  return given.length > 0 ? given : ['python3'];
}

/**
 * Runs a program that prints JSON as its last line in the first interpreter that starts and has its modules. Never throws for what Python does:
 * where no interpreter will do, `missing` says why each would not.
 */
export function runPython(pythons: readonly string[], run: PythonRun): PythonAnswer {
  const reasons: string[] = [];
  for (const python of pythons) {
    const answer = runOne(python, run);
    if (!('missing' in answer)) return answer;
    reasons.push(answer.missing);
  }
  return { missing: reasons.join('; ') };
}

function runOne(python: string, { args, input, timeoutMs }: PythonRun): PythonAnswer {
  const run = spawnSync(python, [...args], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    env: { ...process.env, ...QUIET },
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status === 0) return parsed(python, run.stdout);
  // A failed import closes the pipe we write to, so its message is looked for before the broken pipe is.
  const absent = /ModuleNotFoundError: No module named '([\w.]+)'/.exec(run.stderr ?? '');
  if (absent) return { missing: `${python} has no module ${absent[1]}` };
  const broken = /^ImportError: (.+)$/mu.exec(run.stderr ?? '');
  if (broken) return { missing: `${python} has a module that does not load: ${broken[1]}` };
  const code = run.error && 'code' in run.error ? run.error.code : undefined;
  if (code === 'ETIMEDOUT') return { slow: `not done after ${timeoutMs / 1000} s` };
  if (code === 'ENOENT' || code === 'EACCES') return { missing: `${python} does not start: ${code}` };
  const said = lastLine(run.stderr ?? '') ?? run.error?.message ?? `ended by ${run.signal ?? run.status}`;
  return { failed: said };
}

function parsed(python: string, output: string): PythonAnswer {
  const line = lastLine(output);
  try {
    return { value: JSON.parse(line ?? '') as unknown };
  } catch {
    return { failed: `${python} answered without JSON: ${line?.slice(0, 200) ?? 'nothing'}` };
  }
}

function lastLine(text: string): string | undefined {
  return text.trimEnd().split('\n').at(-1) || undefined;
}

/** One thing that was looked at, and what to do when it is not well. */
export interface Diagnosis {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'FAIL';
  readonly detail: string;
  readonly fix: string | null;
}

export function ok(name: string, detail: string): Diagnosis {
  return { name, state: 'ok', detail, fix: null };
}

export function warn(name: string, detail: string, fix: string): Diagnosis {
  return { name, state: 'warn', detail, fix };
}

export function fail(name: string, detail: string, fix: string): Diagnosis {
  return { name, state: 'FAIL', detail, fix };
}

/** What nobody looked at, because settings that say where it is cannot be used. */
export function notLookedAt(name: string, wrong: readonly string[]): Diagnosis {
  return warn(name, `not looked at: ${wrong.join(', ')} cannot be used`, 'correct it, and look again');
}

/** What helps where a service does not answer what it was asked. */
export const ASK_WITH_KEY = 'set TIDEWATCH_ADMIN_KEY or pass --key';

/** Looks at something; what it throws is a failure with this fix, which may depend on the error. */
export async function looking(
  name: string,
  fix: string | ((error: unknown) => string),
  look: () => Promise<Diagnosis> | Diagnosis,
): Promise<Diagnosis> {
  try {
    return await look();
  } catch (error) {
    const said = error instanceof Error ? error.message || error.name : String(error);
    return fail(name, said, typeof fix === 'string' ? fix : fix(error));
  }
}

/** What contradicts itself in how long things are kept. */
export function retentionFinding(remarks: readonly string[]): Diagnosis {
  if (remarks.length === 0) return ok('retention', 'periods, floors and holds agree');
  const fix = 'correct keep: in the model files, the TIDEWATCH_KEEP_… settings, or the hold';
  return warn('retention', remarks.join('\n'), fix);
}

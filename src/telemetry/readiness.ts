type Check = () => Promise<string | null> | string | null;

/** What an orchestrator should do: send requests, send them although something is missing, or look elsewhere. */
export type ReadyState = 'ok' | 'degraded' | 'unavailable';

export interface ReadinessReport {
  readonly status: ReadyState;
  /** True unless `unavailable`: requests are answered. */
  readonly ready: boolean;
  /** Every part with `ok`, what is wrong with it, or what is not known of it yet. */
  readonly parts: Readonly<Record<string, string>>;
}

interface Part {
  readonly check: Check;
  readonly needed: boolean;
  /** What is to be known of it while nothing is wrong. */
  readonly note?: () => string | null;
}

/** Whether the process can do its work: started, not stopping, and every named part well. */
export class Readiness {
  private state: 'starting' | 'up' | 'stopping' = 'starting';
  private readonly parts = new Map<string, Part>();

  /** A part is well when its check gives null, else the check says what is wrong. Without it nothing can be answered. */
  add(name: string, check: Check): void {
    this.parts.set(name, { check, needed: true });
  }

  /** A part without which the rest still serves: its fault is `degraded`, and no reason to take the rest away. `note` is said in the place of `ok`. */
  addOptional(name: string, check: Check, note: () => string | null = () => null): void {
    this.parts.set(name, { check, needed: false, note });
  }

  started(): void {
    this.state = 'up';
  }

  stopping(): void {
    this.state = 'stopping';
  }

  get isStopping(): boolean {
    return this.state === 'stopping';
  }

  async report(): Promise<ReadinessReport> {
    const parts: Record<string, string> = { process: this.state === 'up' ? 'ok' : this.state };
    const ill: boolean[] = this.state === 'up' ? [] : [true];
    for (const [name, { check, needed, note }] of this.parts) {
      const problem = await outcome(check);
      parts[name] = problem ?? note?.() ?? 'ok';
      if (problem !== null) ill.push(needed);
    }
    const status = ill.length === 0 ? 'ok' : ill.includes(true) ? 'unavailable' : 'degraded';
    return { status, ready: status !== 'unavailable', parts };
  }
}

async function outcome(check: Check): Promise<string | null> {
  try {
    return await check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

type Check = () => Promise<string | null> | string | null;

/** Whether the process can do its work: started, not stopping, and every named part well. */
export class Readiness {
  private state: 'starting' | 'up' | 'stopping' = 'starting';
  private readonly checks = new Map<string, Check>();

  /** A part is well when its check gives null, else the check says what is wrong. */
  add(name: string, check: Check): void {
    this.checks.set(name, check);
  }

  started(): void {
    this.state = 'up';
  }

  stopping(): void {
    this.state = 'stopping';
  }

  /** Every part with `ok` or what is wrong with it. */
  async report(): Promise<{ readonly ready: boolean; readonly parts: Readonly<Record<string, string>> }> {
    const parts: Record<string, string> = { process: this.state === 'up' ? 'ok' : this.state };
    for (const [name, check] of this.checks) parts[name] = (await outcome(check)) ?? 'ok';
    return { ready: Object.values(parts).every((part) => part === 'ok'), parts };
  }
}

async function outcome(check: Check): Promise<string | null> {
  try {
    return await check();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

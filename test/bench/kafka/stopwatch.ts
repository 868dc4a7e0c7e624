/** Events a second, CPU of this process (engine included, broker not) an event, and its largest resident memory. */
export interface Rate {
  readonly perSecond: number;
  readonly cpuMicros: number;
  readonly peakMiB: number;
}

/** Starts at the first call of `mark`. */
export class Stopwatch {
  private began: { readonly at: number; readonly cpu: NodeJS.CpuUsage } | null = null;

  mark(): void {
    this.began ??= { at: performance.now(), cpu: process.cpuUsage() };
  }

  rate(count: number): Rate {
    if (this.began === null) throw new Error('nothing was measured');
    const { user, system } = process.cpuUsage(this.began.cpu);
    return {
      perSecond: (count / (performance.now() - this.began.at)) * 1000,
      cpuMicros: (user + system) / count,
      peakMiB: process.resourceUsage().maxRSS / 1024,
    };
  }
}

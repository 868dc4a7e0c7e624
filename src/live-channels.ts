import type { Config } from './config/config.js';
import type { Log } from './telemetry/log.js';
import { readChannelFile, type ChannelFile } from './read-files.js';

/**
 * What the channels file says now: it is read again as the service runs, so that a route, a person or a rotated secret needs no restart. A file that
 * cannot be used changes nothing, and says so until it can.
 */
export class LiveChannels {
  #problem: string | null = null;

  constructor(
    private readonly config: Config,
    private readonly lookup: (name: string) => string | undefined,
    private readonly log: Log,
    private said: ChannelFile,
  ) {}

  get current(): ChannelFile {
    return this.said;
  }

  /** Why the file as it is now is not in force; null where it is. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Reads the file again. Throws nothing. */
  refresh(): void {
    const before = this.said;
    try {
      this.said = readChannelFile(this.config, this.lookup, before);
      if (this.#problem !== null || this.said.text !== before.text)
        this.log.info('the channels file was read again, and is in force');
      this.#problem = null;
    } catch (error) {
      const problem = `${this.config.TIDEWATCH_CHANNELS_FILE} cannot be used, so that what it said before is in force: ${String(error instanceof Error ? error.message : error)}`;
      if (problem !== this.#problem) this.log.warn(problem);
      this.#problem = problem;
    }
  }
}

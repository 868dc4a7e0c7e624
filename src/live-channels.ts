import type { Config } from './config/config.js';
import type { Log } from './telemetry/log.js';
import type { DestinationRef } from './domain/delivery.js';
import type { DestinationProblem } from './notify/channel-health.js';
import { missingSetting } from './notify/channel-leads.js';
import { SlackChannels } from './notify/slack-channels.js';
import { readChannelFile, type ChannelFile } from './read-files.js';

/**
 * What the channels file says now: it is read again as the service runs, so that a route, a person or a rotated secret needs no restart. A file that
 * cannot be used changes nothing, and says so until it can. It also knows what keeps messages from arriving where the file leads, before any is sent.
 */
export class LiveChannels {
  #problem: string | null = null;
  private readonly slack: SlackChannels;
  private asking: Promise<void> | null = null;

  constructor(
    private readonly config: Config,
    private readonly lookup: (name: string) => string | undefined,
    private readonly log: Log,
    private said: ChannelFile,
  ) {
    this.slack = new SlackChannels(config);
  }

  get current(): ChannelFile {
    return this.said;
  }

  /** Why the file as it is now is not in force; null where it is. */
  get problem(): string | null {
    return this.#problem;
  }

  /** Why nothing can arrive at a destination, as far as settings and Slack tell; null where nothing is known to be in the way. */
  faultOf({ kind, address }: Pick<DestinationRef, 'kind' | 'address'>): DestinationProblem | null {
    const setting = missingSetting(kind, this.config);
    if (setting !== null) return { code: 'no_notifier', error: `${setting} is not set` };
    return kind === 'slack' ? this.slack.faultOf(address) : null;
  }

  /** Asks Slack whether its channels are there, and logs which are not; resolves when the answers are there. Throws nothing. */
  async look(now: Date): Promise<void> {
    this.asking ??= this.ask(now).finally(() => (this.asking = null));
    return this.asking;
  }

  private async ask(now: Date): Promise<void> {
    const all = Object.values(this.said.channels).flat();
    const ids = all.flatMap((one) => (one.kind === 'slack' ? [one.channel] : []));
    const found = await this.slack.look(ids, now);
    for (const [channel, { code, error }] of found)
      this.log.warn(`nobody is told in the Slack channel ${channel} (${code}): ${error}`);
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

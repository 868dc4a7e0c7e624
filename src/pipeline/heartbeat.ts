import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Log } from '../telemetry/log.js';

/** Something to be done again and again. */
export interface Beat {
  readonly name: string;
  readonly run: () => Promise<unknown>;
}

/** What the service does by itself: judge what is due, deliver what is owed, keep house. */
export interface Beats {
  readonly judge: Beat;
  readonly deliver: Beat;
  readonly keepHouse: Beat;
}

/** Asks what is due, at fixed intervals. In every replica: doing a due thing twice changes nothing. */
@Injectable()
export class Heartbeat {
  private readonly running = new Set<string>();
  private readonly failing = new Set<string>();

  constructor(
    private readonly beats: Beats,
    private readonly log: Log,
  ) {}

  @Interval(1_000)
  async judge(): Promise<void> {
    await this.beat(this.beats.judge);
  }

  /** Apart from judging: a destination that hangs must not hold up the next window. */
  @Interval(1_000)
  async deliver(): Promise<void> {
    await this.beat(this.beats.deliver);
  }

  @Interval(10_000)
  async keepHouse(): Promise<void> {
    await this.beat(this.beats.keepHouse);
  }

  private async beat({ name, run }: Beat): Promise<void> {
    if (this.running.has(name)) return;
    this.running.add(name);
    try {
      await run();
      if (this.failing.delete(name)) this.log.info('works again', { beat: name });
    } catch (error) {
      // The next beat takes up where this one stopped; one line for the first of a series of failures is enough.
      if (!this.failing.has(name)) this.log.error('failed; it is tried again', error, { beat: name });
      this.failing.add(name);
    } finally {
      this.running.delete(name);
    }
  }
}

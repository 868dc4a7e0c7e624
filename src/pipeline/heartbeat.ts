import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Log } from '../telemetry/log.js';
import type { Spine } from './spine.js';

const BEAT_MS = 1_000;

/** Asks once a second what is due. A beat that takes longer simply delays the next one. */
@Injectable()
export class Heartbeat {
  private failing = false;

  constructor(
    private readonly spine: Spine,
    private readonly log: Log,
  ) {}

  @Interval(BEAT_MS)
  async beat(): Promise<void> {
    try {
      await this.spine.tick();
      if (this.failing) this.log.info('evaluation works again');
      this.failing = false;
    } catch (error) {
      // The next beat takes up where this one stopped; one line for the first of a series of failures is enough.
      if (!this.failing) this.log.error('evaluation failed; it is tried again every second', error);
      this.failing = true;
    }
  }
}

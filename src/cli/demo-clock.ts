import { Clock } from '../domain/clock.js';

/** The demo's time: as far as the stream has come, so that dates stay in 2001. */
export class DemoClock extends Clock {
  constructor(private at: number) {
    super();
  }

  override now(): Date {
    return new Date(this.at);
  }

  advanceTo(instant: number): void {
    this.at = Math.max(this.at, instant);
  }
}

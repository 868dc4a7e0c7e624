import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { Clock } from '../domain/clock.js';
import { DatabaseError } from '../store/database.js';
import type { Log } from '../telemetry/log.js';
import type { Metrics } from '../telemetry/metrics.js';
import { Attention } from './attention.js';

/** A failure or two in a row pass by themselves: a busy store, a restart of the server. */
const KEEPS_FAILING = 3;

/** A beat that takes this long is behind: a reference may be at work for minutes, but not for so many. */
const LATE_S = 600;
/** Rounds begin a second apart or less, house-keeping ten: one that takes so long keeps what is new waiting. Freezing a wide reference may take minutes. */
const BEHIND_S: Readonly<Record<keyof Beats, number>> = { follow: 10, judge: 30, pin: 300, deliver: 30, keepHouse: 60, check: 300 }; // prettier-ignore
const SECONDS = [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 300];

/** Something to be done again and again. */
export interface Beat<Terms = void> {
  readonly name: string;
  readonly run: (terms: Terms) => Promise<unknown>;
}

/** What the service does by itself: follow other processes, judge what is due, freeze references, deliver what is owed, keep house, check the ledger. */
export interface Beats {
  readonly follow: Beat;
  readonly judge: Beat<{ readonly settling: boolean }>;
  readonly pin: Beat;
  readonly deliver: Beat;
  readonly keepHouse: Beat;
  readonly check: Beat;
}

/** Asks what is due, at fixed intervals, in every process that shares a store: each does what is its own. */
@Injectable()
export class Heartbeat {
  private readonly attention = new Attention();
  /** When each beat at work began, on a clock that nobody sets. */
  private readonly running = new Map<string, number>();
  /** How often in a row a beat failed, and what it last said. */
  private readonly failing = new Map<string, { readonly times: number; readonly reason: string }>();

  constructor(
    private readonly beats: Beats,
    private readonly parts: { readonly clock: Clock; readonly log: Log; readonly metrics: Metrics },
  ) {}

  /** Twice a second, so that what others decide is in force here within one. */
  @Interval(500)
  async follow(): Promise<void> {
    await this.beat(this.beats.follow);
  }

  @Interval(1_000)
  async judge(): Promise<void> {
    const settling = this.attention.isSettling(this.parts.clock.now().getTime());
    const { name, run } = this.beats.judge;
    await this.beat({ name, run: async () => run({ settling }) });
  }

  /** Apart from judging: a reference of hundreds of features takes most of a minute. */
  @Interval(1_000)
  async pin(): Promise<void> {
    await this.beat(this.beats.pin);
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

  /** Apart from keeping house: the whole ledger is read. */
  @Interval(10_000)
  async check(): Promise<void> {
    await this.beat(this.beats.check);
  }

  /** What a beat that keeps failing, or does not come to its end, says; null while it works, or failed for the first times. */
  problem(name: string): string | null {
    const known = this.failing.get(name);
    const began = this.running.get(name);
    const seconds = began === undefined ? 0 : Math.floor((performance.now() - began) / 1000);
    if (seconds >= LATE_S) return `has been at work for ${seconds} s`;
    return known && known.times >= KEEPS_FAILING ? known.reason : null;
  }

  /** How far a beat is behind, where that is too far: what came since its round began waits for the next one. Null while it keeps up. */
  lag(beat: keyof Beats): string | null {
    const began = this.running.get(this.beats[beat].name);
    const seconds = began === undefined ? 0 : (performance.now() - began) / 1000;
    return seconds < BEHIND_S[beat] ? null : `is ${Math.floor(seconds)} s behind`;
  }

  private async beat({ name, run }: Beat): Promise<void> {
    if (this.running.has(name)) return;
    const began = performance.now();
    this.running.set(name, began);
    try {
      await run();
      if (this.failing.delete(name)) this.parts.log.info('works again', { beat: name });
    } catch (error) {
      // The next beat takes up where this one stopped; one line for the first of a series of failures is enough.
      const times = (this.failing.get(name)?.times ?? 0) + 1;
      if (times === 1) this.parts.log.error('failed; it is tried again', error, { beat: name });
      const code = error instanceof DatabaseError ? ` (${error.code})` : '';
      this.failing.set(name, { times, reason: `failed ${times} times in a row${code}; the log says why` });
    } finally {
      this.running.delete(name);
      this.parts.metrics
        .histogram(
          'beat_duration_seconds',
          'How long each round of the work took that the service does by itself.',
          SECONDS,
          ['beat'],
        )
        .observe({ beat: name }, (performance.now() - began) / 1000);
    }
  }
}

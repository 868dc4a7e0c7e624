/** A lane of which nothing came for this long after it was opened has nothing to give. */
const SILENT_MS = 30_000;
/** Ends are noted no closer than this. */
const APART_MS = 1_000;
const MOST_MARKS = 600;

interface LanePosition {
  /** Where the lane ended at which instants, oldest first, as far as not read. */
  marks: { readonly at: number; end: bigint }[];
  /** Everything that was in the lane by this instant is stored. */
  until: number;
  seen: boolean;
}

/** Until when everything that had been written to a log is stored here, by the reader's own clock: what producers say of time plays no part. */
export class ReadPosition {
  private readonly lanes = new Map<string, LanePosition>();

  /** Instants are epoch ms. */
  constructor(
    keys: readonly string[],
    private readonly openedAt: number,
  ) {
    for (const key of keys) this.lanes.set(key, { marks: [], until: -Infinity, seen: false });
  }

  /** A batch came, and with it word of where the lane ends. */
  saw(key: string, end: bigint, at: number): void {
    const lane = this.lanes.get(key);
    if (!lane) return;
    lane.seen = true;
    const last = lane.marks.at(-1);
    if (last && (at - last.at < APART_MS || lane.marks.length >= MOST_MARKS)) last.end = end;
    else lane.marks.push({ at, end });
  }

  /** Everything before an offset is stored. */
  stored(key: string, offset: bigint): void {
    const lane = this.lanes.get(key);
    while (lane?.marks[0] && lane.marks[0].end <= offset) lane.until = lane.marks.shift()?.at ?? lane.until;
  }

  /** The instant until which every lane is read; -Infinity where one never was. */
  until(now: number): number {
    let until = now;
    for (const lane of this.lanes.values()) until = Math.min(until, this.untilOf(lane, now));
    return until;
  }

  private untilOf({ marks, seen, until }: LanePosition, now: number): number {
    const caughtUp = seen ? marks.length === 0 : now - this.openedAt >= SILENT_MS;
    return caughtUp ? now : until;
  }
}

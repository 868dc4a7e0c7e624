/** Changes that wait for a reader; one who has so many before it reads too slowly, and is told so instead of being kept for. */
const MOST_WAITING = 10_000;

/** A reader was too slow for what it asked to be told. */
export class TooSlow extends Error {
  override readonly name = 'TooSlow';
  constructor() {
    super(
      `more than ${MOST_WAITING} changes wait: read faster, or ask for what is there now and subscribe again`,
    );
  }
}

/**
 * Things that changed, one after the other, each by its key once however often it changed before it was read. Ends when the reader leaves
 * (`return`), also while it waits, and then calls `stop`. A reader too slow for it gets TooSlow.
 */
export class ChangeQueue<Item> implements AsyncIterableIterator<Item> {
  private readonly items = new Map<string, Item>();
  private wake: (() => void) | null = null;
  private isOver = false;
  private readonly stop: () => void;

  /** `begin` gets what takes a change in, and gives what ends that. */
  constructor(begin: (add: (key: string, item: Item) => void) => () => void) {
    this.stop = begin((key, item) => {
      if (this.items.size <= MOST_WAITING) this.items.set(key, item);
      this.wake?.();
    });
  }

  async next(): Promise<IteratorResult<Item>> {
    while (!this.isOver) {
      if (this.items.size > MOST_WAITING) return this.fail(new TooSlow());
      const [first] = this.items;
      if (first) {
        this.items.delete(first[0]);
        return { done: false, value: first[1] };
      }
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Item>> {
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  private fail(error: Error): never {
    this.end();
    throw error;
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.stop();
    this.items.clear();
    this.wake?.();
  }
}

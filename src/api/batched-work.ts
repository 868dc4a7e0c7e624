import { askedByAll } from '../store/asker.js';

interface Open<Item, Result> {
  readonly items: Item[];
  readonly result: Promise<Result>;
}

/** What many ask one by one in a turn of the event loop is asked of the store once: items of one group go together. */
export class BatchedWork<Item, Result> {
  private readonly open = new Map<string, Open<Item, Result>>();

  constructor(private readonly work: (group: string, items: readonly Item[]) => Promise<Result>) {}

  /** The result of the group's work, in which the caller finds its own. */
  async run(group: string, item: Item): Promise<Result> {
    const known = this.open.get(group);
    if (known) {
      known.items.push(item);
      return known.result;
    }
    const items = [item];
    const result = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
      this.open.delete(group);
      return askedByAll(async () => this.work(group, items));
    });
    this.open.set(group, { items, result });
    return result;
  }
}

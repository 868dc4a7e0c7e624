import { askedByAll } from '../store/asker.js';

/** Work that is under way for somebody is done for everybody who asks the same meanwhile; nothing is kept once it is done. */
export class SharedWork<Result> {
  private readonly underWay = new Map<string, Promise<Result>>();

  async run(key: string, work: () => Promise<Result>): Promise<Result> {
    const known = this.underWay.get(key);
    if (known) return known;
    const begun = askedByAll(work).finally(() => this.underWay.delete(key));
    this.underWay.set(key, begun);
    return begun;
  }
}

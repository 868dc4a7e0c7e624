/**
 * Runs tasks over a few resources, each used by one task at a time, in order of arrival. An embedded connection serialises its
 * statements and every waiting one would hold a thread of Node's pool; here they wait in JavaScript.
 */
export class Lane<Resource> {
  private readonly free: Resource[];
  private readonly waiting: ((resource: Resource) => void)[] = [];

  constructor(private readonly resources: readonly Resource[]) {
    this.free = [...resources];
  }

  async run<Result>(task: (resource: Resource) => Promise<Result>): Promise<Result> {
    const resource = await this.acquire();
    try {
      return await task(resource);
    } finally {
      this.giveBack(resource);
    }
  }

  /** Resolves when every task handed over before has ended; keeps the resources, so that nothing runs after. */
  async drain(): Promise<readonly Resource[]> {
    return Promise.all(this.resources.map(async () => this.acquire()));
  }

  private async acquire(): Promise<Resource> {
    const resource = this.free.pop();
    if (resource !== undefined) return resource;
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private giveBack(resource: Resource): void {
    const next = this.waiting.shift();
    if (next) next(resource);
    else this.free.push(resource);
  }
}

import { AskerLeft } from './asker.js';

/** A resource that one task uses at a time, and that a failed task spoils. */
export interface LaneResource<Resource> {
  open(): Promise<Resource>;
  close(resource: Resource): Promise<void>;
}

/**
 * Runs tasks over a few resources in order of arrival. An embedded connection serialises its statements and every waiting one
 * would hold a thread of Node's pool; here they wait in JavaScript. After a task failed its resource is closed and a new one
 * opened: an engine connection keeps the unread rows of a statement that failed half-way and puts them before the next answer.
 */
export class Lane<Resource> {
  /** A slot is empty until it is used, and again after a failure. */
  private readonly free: (Resource | null)[];
  private readonly waiting: ((resource: Resource | null) => void)[] = [];

  constructor(
    private readonly resources: LaneResource<Resource>,
    private readonly size: number,
  ) {
    this.free = Array.from({ length: size }, () => null);
  }

  /** Throws AskerLeft where `leaving` was aborted before the task had its turn. */
  async run<Result>(
    task: (resource: Resource) => Promise<Result>,
    leaving: AbortSignal | null = null,
  ): Promise<Result> {
    let resource = await this.acquire();
    if (leaving?.aborted) {
      this.giveBack(resource);
      throw new AskerLeft();
    }
    try {
      resource ??= await this.resources.open();
      return await task(resource);
    } catch (error) {
      const spoiled = resource;
      resource = null;
      if (spoiled !== null) await this.resources.close(spoiled);
      throw error;
    } finally {
      this.giveBack(resource);
    }
  }

  /** Resolves when every task handed over before has ended and its resource is closed. Nothing runs after. */
  async close(): Promise<void> {
    const resources = await Promise.all(Array.from({ length: this.size }, async () => this.acquire()));
    for (const resource of resources) if (resource !== null) await this.resources.close(resource);
  }

  private async acquire(): Promise<Resource | null> {
    const resource = this.free.pop();
    if (resource !== undefined) return resource;
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  private giveBack(resource: Resource | null): void {
    const next = this.waiting.shift();
    if (next) next(resource);
    else this.free.push(resource);
  }
}

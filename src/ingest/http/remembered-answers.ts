export interface RememberedAnswer<Answer> {
  readonly answer: Promise<Answer>;
  /** Hash of the request's body; complete once `answer` is settled. */
  readonly hash: () => string;
}

/** Answers by idempotency key, the oldest forgotten first. A failed request is forgotten, so that it can be repeated. */
export class RememberedAnswers<Answer> {
  private readonly answers = new Map<string, RememberedAnswer<Answer>>();

  constructor(private readonly capacity = 10_000) {}

  find(key: string): RememberedAnswer<Answer> | undefined {
    return this.answers.get(key);
  }

  /** Keeps `answer` under `key` while it is awaited and after; returns it. */
  async remember(key: string, answer: Promise<Answer>, hash: () => string): Promise<Answer> {
    this.answers.set(key, { answer, hash });
    const [oldest] = this.answers.keys();
    if (this.answers.size > this.capacity && oldest !== undefined) this.answers.delete(oldest);
    try {
      return await answer;
    } catch (error) {
      this.answers.delete(key);
      throw error;
    }
  }
}

import type { GivenAnswer } from './answer-approval.js';
import { decide } from './decide.js';
import type { Stages } from './stages.js';
import { takeBack, type TakingBack } from './take-back.js';
import { recordNoRight, wordOrRefusal, type TriedWord } from './word-or-refusal.js';

/** Whoever writes rows by the rules of models, and reads these again when they may have changed. */
export interface RuleReader {
  rulesChanged(): void;
}

/** What people say to what waits for others. What was agreed to may change how rows are read: whoever writes them is told in the same step. */
export class ApprovalActions {
  constructor(
    private readonly stages: Stages,
    private readonly rows: RuleReader,
  ) {}

  /** A yes or a no. Throws as `decide` does. */
  async decide(answer: GivenAnswer): Promise<void> {
    await wordOrRefusal(this.stages, answer, async () => decide(this.stages, answer));
    this.rows.rulesChanged();
  }

  /** Somebody tried who may not: it is recorded with why, once for what waits and each of them. */
  async triedWithoutRight(tried: TriedWord, because: string): Promise<void> {
    await recordNoRight(this.stages, tried, because);
  }

  /** Whoever asked takes it back. Throws as `takeBack` does. */
  async withdraw(wish: TakingBack): Promise<void> {
    await wordOrRefusal(this.stages, { ...wish, isYes: false }, async () => takeBack(this.stages, wish));
    this.rows.rulesChanged();
  }
}

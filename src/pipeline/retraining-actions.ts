import { resetBreaker, type Word } from '../retraining/by-hand.js';
import { applyCallback } from '../retraining/callback.js';
import type { RetrainingStory } from '../retraining/story.js';
import { answerTraining } from './answer-training.js';
import { callOff } from './call-off-training.js';
import type { Stages } from './stages.js';
import { wishTraining, type TrainingWish } from './wish-training.js';
import { recordNoRight, wordOrRefusal, type TriedWord } from './word-or-refusal.js';

/** What people and training jobs say to trainings, by the API or a page alike. */
export class RetrainingActions {
  constructor(private readonly stages: Stages) {}

  /**
   * A person asks for a training, under the guard rails. Nothing new is decided where a wish like this one waits, or is under way: that one is
   * given back. Throws as `wishTraining` does.
   */
  async request(wish: TrainingWish): Promise<RetrainingStory | null> {
    const { ledger, retrainings } = this.stages;
    let decided: string | undefined;
    await ledger.transact((now) => {
      const entries = wishTraining(this.stages, wish, now);
      decided = entries[0]?.subject.id;
      return entries;
    });
    const waiting = retrainings.deferralOf(wish.model) ?? retrainings.inFlight(wish.model);
    return retrainings.story(decided ?? '') ?? retrainings.story(waiting?.id ?? '') ?? null;
  }

  /** A yes or a no. Throws as `answerTraining` does. */
  async answer(word: Word & { readonly isYes: boolean }): Promise<void> {
    const { ledger } = this.stages;
    const say = async () => ledger.transact((now) => answerTraining(this.stages, word, now).entries);
    await wordOrRefusal(this.stages, word, say);
  }

  /** As `callOff` does. */
  async callOff(word: Word): Promise<void> {
    return callOff(this.stages, word);
  }

  /** Lets trainings of a model go on. Throws ModelNotFound, and as `resetBreaker` does. */
  async resetBreaker(word: Parameters<typeof resetBreaker>[1]): Promise<void> {
    const { ledger, registry, retrainings } = this.stages;
    await ledger.transact((now) => {
      registry.load(word.model);
      return resetBreaker(retrainings, word, now);
    });
  }

  /** What a job says of its run. Throws CallbackRefused. */
  async report(id: string, token: string, body: unknown): Promise<void> {
    const { ledger, retrainings } = this.stages;
    await ledger.transact((now) => applyCallback(retrainings, id, token, body, now));
  }

  /** As that of approvals. */
  async triedWithoutRight(tried: TriedWord, because: string): Promise<void> {
    await recordNoRight(this.stages, tried, because);
  }
}

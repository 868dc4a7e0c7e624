import type { Person } from '../domain/person.js';
import type { SilenceWish } from '../incidents/silence-commands.js';
import { endSilence, silence } from './silencing.js';
import type { Stages } from './stages.js';

/** What is not to be told for a while, and the end of that. */
export class SilenceActions {
  constructor(private readonly stages: Stages) {}

  /** The id of the silence. Throws as `silence` does. */
  async create(wish: SilenceWish, who: Person): Promise<string> {
    return silence(this.stages, wish, who);
  }

  /** What waits behind it is told. Throws SilenceRefusal. */
  async end(id: string, who: Person): Promise<void> {
    return endSilence(this.stages, id, who);
  }
}

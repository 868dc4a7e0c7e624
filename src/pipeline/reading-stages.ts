import { Profiles } from '../profiles/profiles.js';
import { ReadOnce } from '../store/read-once.js';
import { WindowRepository } from '../windows/window.repository.js';
import type { Stages } from './stages.js';

/** Stages that read each thing once, for a window that is judged again: its tracks, and what is held against what, ask for the same. */
export function readingStages(stages: Stages): Stages {
  const database = new ReadOnce(stages.database);
  const [profiles, windows] = [new Profiles(database), new WindowRepository(database)];
  return { ...stages, database, profiles, windows };
}

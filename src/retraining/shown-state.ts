import type { Retraining } from './retraining.js';
import type { RetrainingStory } from './story.js';

export const SHOWN_STATES = [
  'DEFERRED',
  'RECOMMENDED',
  'PROPOSED',
  'APPROVED',
  'REQUESTED',
  'ACCEPTED',
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'REJECTED',
  'CANCELLED',
  'TIMED_OUT',
  'PROVED',
  'DISPROVED',
] as const;
export type ShownState = (typeof SHOWN_STATES)[number];

const OF_RUN: Readonly<Record<Retraining['state'], ShownState>> = {
  proposed: 'PROPOSED',
  declined: 'REJECTED',
  requested: 'REQUESTED',
  accepted: 'ACCEPTED',
  running: 'RUNNING',
  succeeded: 'SUCCEEDED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
  timed_out: 'TIMED_OUT',
  validated: 'PROVED',
  rejected: 'DISPROVED',
};

const OF_STORY: Readonly<Record<RetrainingStory['outcome'], ShownState>> = {
  deferred: 'DEFERRED',
  lapsed: 'CANCELLED',
  refused: 'REJECTED',
  recommended: 'RECOMMENDED',
  declined: 'REJECTED',
  proposed: 'PROPOSED',
  approved: 'APPROVED',
  requested: 'REQUESTED',
};

/** Where a training stands for people: by its run once there is one; an approved run that no job has taken yet is APPROVED. */
export function shownState(story: RetrainingStory, run: Retraining | undefined): ShownState {
  if (!run) return OF_STORY[story.outcome];
  if (run.state === 'requested' && run.launchedAt === null) return OF_STORY[story.outcome];
  return OF_RUN[run.state];
}

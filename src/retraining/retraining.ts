import { z } from 'zod';
import { DestinationRef } from '../domain/delivery.js';
import type { Signal } from '../domain/incident.js';
import type { VersionComparison } from '../domain/version-comparison.js';
import { RETRAIN_MODES, RetrainMessage } from '../domain/retrain-message.js';

export const RETRAINING_SUBJECT = 'retraining';

/** A request that a guard rail stopped. */
export interface TrainingRefusal {
  readonly at: Date;
  readonly model: string;
  readonly cause: string;
  readonly guard: string;
}

/** A job reports these by callback; a later rank never goes back to an earlier one. */
export const JOB_STATES = ['accepted', 'running', 'succeeded', 'failed', 'cancelled'] as const;
export type JobState = (typeof JOB_STATES)[number];
export type RetrainingState =
  'proposed' | 'declined' | 'requested' | JobState | 'timed_out' | 'validated' | 'rejected';

/** Rank of each state; equal rank means that the two exclude one another. */
export const RANK: Readonly<Record<RetrainingState, number>> = {
  proposed: 0,
  requested: 1,
  accepted: 2,
  running: 3,
  succeeded: 4,
  failed: 4,
  cancelled: 4,
  declined: 4,
  timed_out: 4,
  validated: 5,
  rejected: 5,
};
/** From this rank on the run no longer occupies its model. */
export const ENDED_RANK = 4;

/**
 * One guard rail and what it found; `detail` says why it stopped the request, null that it let it pass. `dueAt` is when it will let the same
 * request pass, where that is a matter of time alone.
 */
export const GuardFinding = z.object({
  guard: z.string(),
  detail: z.string().nullable(),
  dueAt: z.iso.datetime().nullable().default(null),
});
export type GuardFinding = z.infer<typeof GuardFinding>;

/** A run asked for or proposed, as the ledger holds it. Durations in milliseconds. */
export const RetrainingOrder = z.object({
  message: RetrainMessage,
  destination: DestinationRef,
  mode: z.enum(RETRAIN_MODES),
  tokenHash: z.string(),
  /** What is the same problem in any version: check, segment and feature of each causing incident. */
  series: z.array(z.string()),
  guards: z.array(GuardFinding),
  dueAt: z.iso.datetime(),
  acceptedWithin: z.number(),
  finishedWithin: z.number(),
});
export type RetrainingOrder = z.infer<typeof RetrainingOrder>;

/** The same problem in whatever version. */
export function seriesOf({ check, segment, feature }: Signal): string {
  return JSON.stringify([check, segment, feature]);
}

const Series = z.tuple([z.string(), z.string(), z.string().nullable()]);

/** What {@link seriesOf} put together, as results name it: a feature that is none is ''. */
export function partsOfSeries(series: string): {
  readonly check: string;
  readonly segment: string;
  readonly feature: string;
} {
  const [check, segment, feature] = Series.parse(JSON.parse(series));
  return { check, segment, feature: feature ?? '' };
}

/** The version that a run made and that is not the one it was asked for; null where it made none of its own. */
export function versionMade({
  newVersion,
  message,
}: Pick<Retraining, 'newVersion' | 'message'>): string | null {
  return newVersion === message.version ? null : newVersion;
}

/** What a job told about itself. */
export const JobReport = z.object({
  status: z.enum(JOB_STATES),
  /** Of which model; only what the run is about. */
  model: z.string().optional(),
  /** Share of the work that is done. */
  progress: z.number().min(0).max(1).optional(),
  /** Digest of the manifest it learnt from; only that of the run. */
  manifest_sha256: z.string().optional(),
  run_url: z.url({ protocol: /^https?$/ }).optional(),
  model_version: z.string().min(1).max(256).optional(),
  metrics: z.record(z.string(), z.number()).optional(),
  message: z.string().max(4_000).optional(),
});
export type JobReport = z.infer<typeof JobReport>;

/** Why a request is not with its job yet, and when it is tried again. */
export interface Trouble {
  readonly error: string;
  readonly nextAt: Date;
}

/** One word of a job about itself. */
export interface RunReport {
  readonly at: Date;
  readonly status: JobState;
  readonly progress: number | null;
  readonly message: string | null;
}

/** Whether the version that a run made takes over: proposed where a person has to say so, and what they said. */
export interface Promotion {
  readonly state: 'PROPOSED' | 'APPROVED' | 'DECLINED';
  readonly decidedBy: string | null;
  readonly note: string | null;
  readonly at: Date;
}

/** One run from its proposal to the verdict on its effect. */
export interface Retraining extends RetrainingOrder {
  readonly id: string;
  readonly model: string;
  readonly state: RetrainingState;
  readonly requestedAt: Date;
  /** Who asked: the system, or the key of a person. A person does not approve their own request for a model of high risk. */
  readonly askedBy: string;
  /** When the request was last put on its way; null where it never was. */
  readonly sentAt: Date | null;
  /** What went wrong when it was; null where nothing did, or it arrived since. */
  readonly trouble: Trouble | null;
  /** When the orchestrator took the request; null until then. */
  readonly launchedAt: Date | null;
  readonly acceptedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly runUrl: string | null;
  /** What the orchestrator calls the run, where its id does not say it. */
  readonly runRef: string | null;
  readonly newVersion: string | null;
  readonly metrics: Readonly<Record<string, number>>;
  /** Share of the work that the job says is done; null where it does not say. */
  readonly progress: number | null;
  /** What the job said, oldest first; the last hundred. */
  readonly reports: readonly RunReport[];
  /** Why somebody was asked about the version that it made, which sends no rows; null where that was not needed. */
  readonly unused: string | null;
  /** How the new version compares to the one it is to replace; null until that is sure. */
  readonly evaluation: VersionComparison | null;
  /** Whether that version takes over, where a person has to say so; null where that was not asked. */
  readonly promotion: Promotion | null;
  /** That its problem was raised again before the version it made answered; null where it was not. */
  readonly askedAgain: string | null;
  /** Why it is proved or disproved; null while it is neither. */
  readonly verdict: string | null;
  readonly note: string | null;
}

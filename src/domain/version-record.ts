import { z } from 'zod';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits in lower case');
const Text = z.string().min(1).max(4_000);

/** What somebody who is about to launch a version is asked. Whatever is not answered is listed as such, never taken for done. */
export const LAUNCH_QUESTIONS = {
  problem: 'What problem does it solve, for whom, and what happens when it is wrong?',
  data: 'What was it trained on, and does that stand for what it will see?',
  baseline: 'What is it better than, and by how much?',
  tests: 'How was it tested, and what did it fail?',
  monitoring: 'What is watched, and who is told?',
  rollback: 'How is it taken back, and how long does that take?',
  fairness: 'Who could be treated worse by it, and how was that looked into?',
  legality: 'Which laws and contracts hold for it, and who said that it may be used?',
} as const;
export type LaunchQuestion = keyof typeof LAUNCH_QUESTIONS;
const QUESTIONS = Object.keys(LAUNCH_QUESTIONS) as readonly LaunchQuestion[];

/** Where a version comes from and what somebody answers for: what must be known to make it again. */
export const VersionRecord = z
  .strictObject({
    trainingData: z.strictObject({
      uri: Text.optional(),
      sha256: Sha256.optional(),
      rows: z.number().int().nonnegative().optional(),
      /** Shares or rows by part. */
      split: z.record(z.string().min(1), z.number().positive()).optional(),
    }),
    /** Where its code is, such as a repository with a commit. */
    code: Text,
    hyperparameters: z.record(z.string().min(1), z.union([z.string(), z.number(), z.boolean(), z.null()])),
    metrics: z.record(z.string().min(1), z.number()),
    artifact: z.strictObject({ uri: Text.optional(), sha256: Sha256.optional() }),
    /** Versions of packages by name. */
    dependencies: z.record(z.string().min(1), z.string()),
    card: z.partialRecord(z.enum(QUESTIONS), Text),
    /** Where the record was read, such as a model in another registry. */
    source: Text,
  })
  .partial();
export type VersionRecord = z.infer<typeof VersionRecord>;

/** The questions of a launch that the record does not answer. */
export function unanswered({ card = {} }: VersionRecord): readonly LaunchQuestion[] {
  return QUESTIONS.filter((question) => card[question] === undefined);
}

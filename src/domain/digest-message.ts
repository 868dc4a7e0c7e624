import { z } from 'zod';
import { INCIDENT_STATES, SEVERITIES } from './incident.js';

const IsoTime = z.iso.datetime();

/** Why a message was not told by itself: the destination's budget was used up, or it wants quiet at that time. */
export const HELD_FOR = ['budget', 'quiet'] as const;
export type HeldFor = (typeof HELD_FOR)[number];

/** A case as a digest names it. */
const DigestedCase = z.object({
  caseId: z.string(),
  model: z.string(),
  version: z.string(),
  severity: z.enum(SEVERITIES),
  state: z.enum(INCIDENT_STATES),
  title: z.string(),
  since: IsoTime.nullable(),
  link: z.string(),
});
export type DigestedCase = z.infer<typeof DigestedCase>;

/**
 * What a destination was not told message by message, as one. It grows over a day: `held`, `open` and `over` count every case since `since`;
 * `cases` are the worst of them, capped.
 */
export const DigestMessage = z.object({
  type: z.literal('digest'),
  seq: z.number().int().positive(),
  since: IsoTime,
  until: IsoTime,
  /** Cases held back, by what held the newest message of each. */
  held: z.object({ budget: z.number().int(), quiet: z.number().int() }),
  open: z.number().int(),
  over: z.number().int(),
  severity: z.enum(SEVERITIES),
  cases: z.array(DigestedCase),
  links: z.object({ cases: z.string() }),
  /** Whom it was meant for and did not reach; null at who is meant. */
  instead: z.string().nullable().default(null),
});
export type DigestMessage = z.infer<typeof DigestMessage>;

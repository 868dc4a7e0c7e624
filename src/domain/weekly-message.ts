import { z } from 'zod';

const IsoTime = z.iso.datetime();
const Count = z.number().int().nonnegative();

/** What came and went, and the threshold under which nobody would have met it. */
const Flap = z.object({
  incidentId: z.string(),
  title: z.string(),
  model: z.string(),
  version: z.string(),
  check: z.string(),
  policy: z.string(),
  rule: z.string(),
  /** How often it began in the week. */
  times: Count,
  /** The farthest that it went within two weeks, in words; null where it has no size. */
  largest: z.string().nullable(),
  /** A condition of the rule on the size of the effect that it never met; null where its sizes have several units. */
  effect: z.number().nullable(),
  /** So many windows in a row that it never stayed for; null where that would be too many to wait for. */
  windows: z.number().int().nullable(),
  /** Findings of the rule which people called real that the condition on the effect would have kept quiet as well. */
  loses: Count,
  link: z.string(),
});
export type Flap = z.infer<typeof Flap>;

/** What a destination is told of a week: what came and went, how fast people were, and how often the checks were right. Told once. */
export const WeeklyMessage = z.object({
  type: z.literal('weekly'),
  from: IsoTime,
  to: IsoTime,
  /** The channels that lead there. */
  channels: z.array(z.string()),
  /** Cases that began in the week, and those of them that are not over. */
  opened: Count,
  open: Count,
  /** Messages that the destination was sent in the week. */
  messages: Count,
  /** Means over those cases, in seconds; null where there is none to say. */
  detectSeconds: z.number().nullable(),
  acknowledgeSeconds: z.number().nullable(),
  resolveSeconds: z.number().nullable(),
  /** All that came and went; `flaps` are the most frequent, capped. */
  flapping: Count,
  flaps: z.array(Flap),
  /** By what people said of the cases of the last twelve weeks, the least precise first. */
  precision: z.array(z.object({ check: z.string(), policy: z.string(), told: Count, real: Count })),
  links: z.object({ cases: z.string() }),
  /** Whom it was meant for and did not reach; null at who is meant. */
  instead: z.string().nullable().default(null),
});
export type WeeklyMessage = z.infer<typeof WeeklyMessage>;

import { z } from 'zod';

/** The entry of a window in which incidents go on, as it is read. */
export const Observed = z.object({
  to: z.iso.datetime(),
  revision: z.number(),
  confirmed: z.array(z.string()),
  seen: z.array(z.string()),
  /** What the window shows of each; absent in entries of before courses were kept. */
  from: z.iso.datetime().optional(),
  shown: z
    .record(
      z.string(),
      z.object({
        statistic: z.string(),
        effect: z.number().nullable(),
        effects: z.record(z.string(), z.number()).optional(),
        n: z.number(),
        since: z.iso.datetime().nullable(),
        restsFrom: z.iso.datetime().optional(),
      }),
    )
    .default({}),
});

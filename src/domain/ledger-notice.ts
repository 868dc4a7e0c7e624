import { z } from 'zod';

/** That the ledger is not what it should be; told once for each thing that was found. */
export const LedgerNotice = z.object({
  type: z.literal('ledger_notice'),
  at: z.iso.datetime(),
  /** What was found, and what it means. */
  summary: z.string(),
  links: z.object({ audit: z.string() }),
});
export type LedgerNotice = z.infer<typeof LedgerNotice>;

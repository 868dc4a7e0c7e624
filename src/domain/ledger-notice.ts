import { z } from 'zod';

/** That the ledger is not what it should be, or the store not what the ledger says, told once for each thing that was found; or what it is, signed, to be kept elsewhere. */
export const LedgerNotice = z.object({
  type: z.literal('ledger_notice'),
  at: z.iso.datetime(),
  /** What was found, and what it means. */
  summary: z.string(),
  /** Set where it is a checkpoint and no problem: the C2SP signed note and what it says. */
  checkpoint: z.object({ size: z.number().int(), root: z.string(), note: z.string() }).optional(),
  /** `store`: the ledger is as it was, and what is stored of judged windows is not what it says of them. */
  about: z.literal('store').optional(),
  links: z.object({ audit: z.string() }),
});
export type LedgerNotice = z.infer<typeof LedgerNotice>;

import { z } from 'zod';
import { APPROVAL_KINDS } from './approval-kind.js';

/** What people hear of an approval: that it waits, and that nobody decided in time. */
export const APPROVAL_STEPS = ['requested', 'expired'] as const;
export type ApprovalStep = (typeof APPROVAL_STEPS)[number];

/** A step of what others have to agree to; each is told once. Trainings tell of theirs themselves. */
export const ApprovalNotice = z.object({
  type: z.literal('approval_notice'),
  approvalId: z.string(),
  kind: z.enum(APPROVAL_KINDS),
  /** Null for what is about several. */
  model: z.string().nullable(),
  /** What is asked for. */
  what: z.string(),
  step: z.enum(APPROVAL_STEPS),
  at: z.iso.datetime(),
  /** Until when somebody can say yes. */
  expiresAt: z.iso.datetime(),
  /** Who asked why, and how many have to agree; what a fallback hears says first who was not told. */
  summary: z.string(),
  links: z.object({ approval: z.string() }),
});
export type ApprovalNotice = z.infer<typeof ApprovalNotice>;

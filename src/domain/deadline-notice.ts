import { z } from 'zod';

/** What is due: the report of a serious incident, the review of a model's risk, a run of its monitoring plan. */
export const DEADLINE_KINDS = ['incident_report', 'risk_review', 'monitoring_plan'] as const;

/** That something is due that people owe, or overdue; each step is told once. */
export const DeadlineNotice = z.object({
  type: z.literal('deadline_notice'),
  kind: z.enum(DEADLINE_KINDS),
  model: z.string(),
  step: z.enum(['due', 'overdue']),
  /** What is owed: `the interim report of case_2w4`. */
  what: z.string(),
  at: z.iso.datetime(),
  dueAt: z.iso.datetime(),
  /** Who owes it since when, and what to do; what a fallback hears says first who was not told. */
  summary: z.string(),
  links: z.object({ page: z.string() }),
});
export type DeadlineNotice = z.infer<typeof DeadlineNotice>;

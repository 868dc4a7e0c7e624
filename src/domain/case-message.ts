import { z } from 'zod';
import { INCIDENT_CHANGE_KINDS } from './incident-change.js';
import { INCIDENT_STATES, SEVERITIES } from './incident.js';

/** Why a message goes out: the case was opened, moved, came back after its closing, or ended. */
export const CASE_PURPOSES = ['opened', 'updated', 'reopened', 'closed'] as const;
export type CasePurpose = (typeof CASE_PURPOSES)[number];

const IsoTime = z.iso.datetime();

/** One incident as a message tells it. `n` is the number of rows the value rests on; `effect` is in the statistic's own unit. */
export const Finding = z.object({
  incidentId: z.string(),
  check: z.string(),
  feature: z.string().nullable(),
  segment: z.string(),
  statistic: z.string(),
  value: z.number().nullable(),
  effect: z.number().nullable(),
  n: z.number().nullable(),
  since: IsoTime.nullable(),
  openedAt: IsoTime,
  /** End of the first window that found it, in event time; absent in messages of before courses were kept, as the next is. */
  foundAt: IsoTime.optional(),
  /** How bad it is over all its windows, in words. */
  extent: z.string().optional(),
  state: z.enum(INCIDENT_STATES),
  severity: z.enum(SEVERITIES),
  explanation: z.string(),
  policy: z.object({ id: z.string(), version: z.number(), rule: z.string() }),
  news: z.enum(INCIDENT_CHANGE_KINDS).nullable(),
});
export type Finding = z.infer<typeof Finding>;

/**
 * What a channel says about one case, complete in itself: a receiver that missed every earlier message can still act on it.
 * `findings` are ranked, worst first, and capped; `total` counts all of them. `since` is that of the first finding, which the summary tells.
 */
export const CaseMessage = z.object({
  type: z.literal('case'),
  purpose: z.enum(CASE_PURPOSES),
  caseId: z.string(),
  seq: z.number().int().positive(),
  model: z.string(),
  version: z.string(),
  owner: z.string(),
  severity: z.enum(SEVERITIES),
  state: z.enum(INCIDENT_STATES),
  openedAt: IsoTime,
  closedAt: IsoTime.nullable(),
  since: IsoTime.nullable(),
  summary: z.string(),
  reasons: z.array(z.string()),
  total: z.number().int().nonnegative(),
  open: z.number().int().nonnegative(),
  findings: z.array(Finding),
  links: z.object({ case: z.string(), model: z.string() }),
});
export type CaseMessage = z.infer<typeof CaseMessage>;

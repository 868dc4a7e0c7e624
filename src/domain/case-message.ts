import { z } from 'zod';
import { INCIDENT_CHANGE_KINDS } from './incident-change.js';
import { INCIDENT_STATES, SEVERITIES } from './incident.js';
import { RISK_TIERS } from './model.js';

/** Why a message goes out: the case was opened, moved, came back after its closing, or ended. */
export const CASE_PURPOSES = ['opened', 'updated', 'reopened', 'closed'] as const;
export type CasePurpose = (typeof CASE_PURPOSES)[number];

const IsoTime = z.iso.datetime();

/** One incident as a message tells it. `n` is the number of rows the value rests on; `effect` is in the statistic's own unit. */
export const Finding = z.object({
  incidentId: z.string(),
  /** Set where it is of another model than the message. */
  model: z.string().optional(),
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
  /** What it is about and how bad it is over all its windows; absent in messages of before it was said. */
  headline: z.string().optional(),
  /** The words of the check about one window, and the end of that window. */
  explanation: z.string(),
  saidOf: IsoTime.optional(),
  /** Start of the first window, where several with too few rows were put together for that. */
  saidFrom: IsoTime.optional(),
  policy: z.object({ id: z.string(), version: z.number(), rule: z.string() }),
  news: z.enum(INCIDENT_CHANGE_KINDS).nullable(),
  /** What it was and what it is now, in the feature's unit: `≈ 640 → ≈ 1 030 miles`; absent where the statistic has no such numbers. */
  change: z.string().optional(),
  /** First and last moment of the windows that show it, event time; `judged`: the end of the newest window that spoke of it at all, absent in messages of before that was kept. */
  seen: z
    .object({ from: IsoTime, to: IsoTime, windows: z.number(), rows: z.number(), judged: IsoTime.optional() })
    .optional(),
  /** The statistic by which `extent` says how large it is, and its picture; absent in messages of before that was kept. */
  told: z.string().optional(),
  /** Findings of the case that follow from this one. */
  explains: z.number().int().nonnegative().optional(),
  /** Why nobody is told of it now, in words: `silenced`, `maintenance nightly-load`; absent where nothing holds it back. */
  quiet: z.string().optional(),
});
export type Finding = z.infer<typeof Finding>;

/** Something that happened since a receiver was last told; it is kept when a later message takes the place of an unsent one. */
export const News = z.object({
  incidentId: z.string(),
  kind: z.enum(INCIDENT_CHANGE_KINDS),
  text: z.string(),
  /** The finding by which the receiver knows this change already as critical: that of a part of the traffic that most of it is in, or of all rows; absent where it is news by itself. */
  knownBy: z.string().optional(),
});
export type News = z.infer<typeof News>;

/** What probably brought a case about. */
export const CAUSE_KINDS = [
  'upstream',
  'unit',
  'all_inputs',
  'training_serving_skew',
  'calibration',
  'deployment',
  'baseline',
  'one_feature',
  'concept_drift',
  'undetermined',
] as const;

/** What a message says beside its findings; absent in messages of before it was said. */
const Briefing = z.object({
  /** What the case is about in a few words: `age has moved; also income, region and 3 more`. */
  title: z.string(),
  /** The same without what else there is; absent in messages of before names stood in titles. */
  lead: z.string().optional(),
  tier: z.enum(['LOW', 'MEDIUM', 'HIGH']),
  /** Decisions from the onset of the leading finding to the end of the newest window that shows it, event time, as known when the message is sent; until then, rows of the windows that show it. */
  decisions: z.number(),
  /** How sure it is, in words. */
  sure: z.string(),
  cause: z
    .object({
      kind: z.enum(CAUSE_KINDS),
      text: z.string(),
      /** Of scores that mean something else, as labels show: what they claim and what came; absent while no label has shown it, and of other kinds. */
      claim: z.string().optional(),
    })
    .nullable(),
  next: z.array(z.string()),
  /** What of the model nobody is told of; absent where that is nothing. */
  unwatched: z.string().optional(),
  /** What it has cost so far, in words, as known when the message is sent; absent where nobody knows. */
  cost: z.string().optional(),
  /** In which of several models it is over and in which not yet, in words; absent where it is over in none or in all. */
  recovered: z.string().optional(),
  runbook: z.string().nullable(),
  /** A training of the case, or the promotion of what it made, waits for a yes or no, as known when the message is sent. */
  asksTraining: z.boolean().default(false),
  /** Set when the case has ended: the last moment that its leading finding was seen, event time, and how long that was there. */
  ended: z.object({ at: IsoTime, lastedSeconds: z.number() }).nullable(),
  /** Of a case that has ended with several findings: from the first onset of any to the last moment that any was seen. */
  whole: z.object({ from: IsoTime, to: IsoTime, findings: z.number().int().positive() }).optional(),
});
export type Briefing = z.infer<typeof Briefing>;

/** Another model that a case is about, as its own messages would say it. */
export const TouchedModel = z.object({
  model: z.string(),
  version: z.string(),
  owner: z.string(),
  tier: z.enum(RISK_TIERS),
  /** Decisions from `since` to `until`, event time, as known when the message is sent; until then, rows of the windows that show it. */
  decisions: z.number(),
  since: IsoTime,
  until: IsoTime,
});
export type TouchedModel = z.infer<typeof TouchedModel>;

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
  /** Models that have faults of the same source and are told with this one; absent where there are none. */
  alsoModels: z.array(z.string()).optional(),
  /** The same with whose they are, how much depends on them and how many decisions it touches, the highest risk first; absent in messages of before that was said. */
  alsoTouches: z.array(TouchedModel).optional(),
  version: z.string(),
  owner: z.string(),
  severity: z.enum(SEVERITIES),
  state: z.enum(INCIDENT_STATES),
  openedAt: IsoTime,
  closedAt: IsoTime.nullable(),
  since: IsoTime.nullable(),
  summary: z
    .string()
    .describe(
      'How it ended, where it did; what the case is about; from what to what, with the size over all windows of the leading finding; what the check says beyond that while one window is all there is; which findings there are besides.',
    ),
  /** In the words of the check and of the rule: programs may compare them. */
  reasons: z.array(z.string()),
  /** The same as people are told it; absent in messages of before it was said. */
  reasonsInWords: z.array(z.string()).optional(),
  total: z.number().int().nonnegative(),
  open: z.number().int().nonnegative(),
  findings: z.array(Finding),
  links: z.object({ case: z.string(), model: z.string() }),
  briefing: Briefing.optional(),
  news: z.array(News).default([]),
  /** Who looks after it and what they say it was, in words, as known when the message is made; absent in messages of before it was told. */
  hands: z
    .object({
      acknowledgedBy: z.string().nullable(),
      assignee: z.string().nullable(),
      rootCause: z.string().nullable(),
    })
    .optional(),
  /** What people did about it since this receiver was last told: `anna assigned it to bob`, oldest first. */
  said: z.array(z.string()).default([]),
  /**
   * It waits for a person: nobody has taken it on. Others hear of it, or those who know are reminded. `severity` is of what waits, which `findings` names where that is not all that is open;
   * both are absent in messages of before they were said.
   */
  call: z
    .object({
      kind: z.enum(['escalated', 'reminded']),
      text: z.string(),
      severity: z.enum(SEVERITIES).optional(),
      findings: z.array(z.string()).optional(),
    })
    .nullable()
    .default(null),
  /** Who was not told, and why, where this receiver hears in their place; absent elsewhere. */
  instead: z.string().optional(),
  /** The case is more severe than this receiver was last told: nobody may miss it. */
  rises: z.boolean().default(false),
});
export type CaseMessage = z.infer<typeof CaseMessage>;

/** A case as webhooks carry it: its message, with what mails and Slack say of it in words. */
export const CaseEventData = CaseMessage.omit({ type: true }).extend({
  /** By how much, since when, how sure, what it touches, why, what to do: as people read it, in the order in which they want to know. */
  facts: z.array(z.object({ name: z.string(), text: z.string() })),
  /** Ranked, worst first; `words`: what people are told of each, where `explanation` has the words of the check. */
  findings: z.array(Finding.extend({ words: z.string() })),
});
export type CaseEventData = z.infer<typeof CaseEventData>;

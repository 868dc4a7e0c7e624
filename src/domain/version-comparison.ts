import { z } from 'zod';
import { countText, percentText } from './wording.js';

const Maybe = z.number().nullable();

/** A metric of two versions on the same rows, else on the same period; `difference` is the first less the second. */
const MetricDifference = z.object({
  metric: z.string(),
  value: Maybe,
  other: Maybe,
  difference: Maybe,
  /** 95 % interval of the difference; null where none is known. */
  low: Maybe.default(null),
  high: Maybe.default(null),
  /** Taken from requests that both answered, row by row; else the versions' rows are taken for independent, which is the wider interval. */
  paired: z.boolean().default(false),
  /** Why one of them has no value; null where both have one. */
  reason: z.string().nullable().default(null),
});
export type MetricDifference = z.infer<typeof MetricDifference>;

const SegmentAgreement = z.object({ segment: z.string(), requests: z.number(), agreement: Maybe });

/** Two versions on the same period of event time, as the ledger holds it; what was not recorded once has a default. */
export const VersionComparison = z.object({
  /** The stretch in which both answered, `to` exclusive; null where they never did, and where it was not recorded once. */
  from: z.coerce.date().nullable().default(null),
  to: z.coerce.date().nullable().default(null),
  /** Labelled requests of both, where they are compared; else labelled rows of the version that has fewer. */
  rows: z.number(),
  /** Requests of the stretch that the first version answered, and those that the versions which answer for the model did. */
  answered: z.number().default(0),
  traffic: z.number().default(0),
  /** Requests that both answered, and the part of them that they answered alike. */
  requests: z.number().default(0),
  agreement: Maybe.default(null),
  /** The same by segment, the least agreement first. */
  segments: z.array(SegmentAgreement).default([]),
  metrics: z.array(MetricDifference),
  advice: z.enum(['PROMOTE', 'KEEP', 'ROLL_BACK', 'WAIT']),
  /** How sure it is that they differ, at whatever time one looks; null while there are too few rows. */
  certainty: Maybe,
  /** More labelled rows that are needed if the difference stays as it is; null where none are, or nobody can say. */
  labelsNeeded: Maybe.default(null),
  reason: z.string(),
});
export type VersionComparison = z.infer<typeof VersionComparison>;

/** So many requests of all. */
export interface TrafficShare {
  readonly answered: number;
  readonly traffic: number;
}

/** `5 % of requests (1 240 of 24 800)`; null where there are none. */
export function trafficText({ answered, traffic }: TrafficShare): string | null {
  if (traffic === 0) return null;
  return `${percentText(answered / traffic)} of requests (${countText(answered)} of ${countText(traffic)})`;
}

/** Requests that two versions answered, the first less the second. */
export interface VersionPairs {
  readonly requests: number;
  /** Answered alike: the same class, or values within a hundredth. */
  readonly agreed: number;
  readonly labelled: number;
  /** Labelled requests that only the first, or only the second, answered right; of classes. */
  readonly onlyOwn: number;
  readonly onlyOther: number;
  /** Labelled requests that each answered right. */
  readonly rightOwn: number;
  readonly rightOther: number;
  /** The same among those whose truth is the positive class. */
  readonly positives: number;
  readonly positivesOnlyOwn: number;
  readonly positivesOnlyOther: number;
  readonly positivesRightOwn: number;
  readonly positivesRightOther: number;
  /** Differences of the loss (logarithmic, or absolute error) and of the squared error: how many, Σ and Σ of squares. */
  readonly losses: number;
  readonly loss: number | null;
  readonly lossSquares: number | null;
  /** Σ of each one's own, of the same requests. */
  readonly lossOwn: number | null;
  readonly lossOther: number | null;
  readonly errors: number;
  readonly error: number | null;
  readonly errorSquares: number | null;
  readonly errorOwn: number | null;
  readonly errorOther: number | null;
}

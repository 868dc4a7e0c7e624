/** What others may be asked to agree to. */
export const APPROVAL_KINDS = [
  'TRAINING',
  'PROMOTION',
  'POLICY',
  'RISK_TIER',
  'OWNER',
  'OVERSIGHT',
  'BASELINE',
  'CLOSE',
  'SERIOUS',
] as const;
export type ApprovalKind = (typeof APPROVAL_KINDS)[number];

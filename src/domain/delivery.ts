import { z } from 'zod';
import { ApprovalNotice } from './approval-notice.js';
import { CASE_PURPOSES, CaseMessage } from './case-message.js';
import { DeadlineNotice } from './deadline-notice.js';
import { DigestMessage, HELD_FOR } from './digest-message.js';
import { SYSTEM, type Json, type NewEntry } from './ledger-entry.js';
import { LedgerNotice } from './ledger-notice.js';
import { RetrainMessage } from './retrain-message.js';
import { TestMessage } from './test-message.js';
import { TrainingNotice } from './training-notice.js';
import { WeeklyMessage } from './weekly-message.js';

export const DESTINATION_KINDS = [
  'console',
  'webhook',
  'slack',
  'email',
  'retrain',
  'pagerduty',
  'opsgenie',
  'alertmanager',
  'teams',
  'oncall',
] as const;

/** Where a delivery goes, without any secret: `id` names the lane, `address` is what a person recognises. */
export const DestinationRef = z.object({
  id: z.string(),
  kind: z.enum(DESTINATION_KINDS),
  address: z.string(),
});
export type DestinationRef = z.infer<typeof DestinationRef>;

export const Message = z.discriminatedUnion('type', [
  CaseMessage,
  DigestMessage,
  RetrainMessage,
  TestMessage,
  TrainingNotice,
  LedgerNotice,
  ApprovalNotice,
  DeadlineNotice,
  WeeklyMessage,
]);
export type Message = z.infer<typeof Message>;

/**
 * One message owed to one destination. Deliveries that share `stream` and destination are delivered in the order of `seq`.
 * `id` never changes over attempts: receivers use it to recognise a repetition.
 */
export const DeliveryRequest = z.object({
  id: z.string(),
  stream: z.string(),
  channel: z.string(),
  destination: DestinationRef,
  seq: z.number().int().positive(),
  purpose: z.enum([
    ...CASE_PURPOSES,
    'digest',
    'test',
    'retrain',
    'training_notice',
    'ledger_notice',
    'approval_notice',
    'deadline_notice',
    'weekly',
  ]),
  /** Why it is not sent by itself: a digest takes its place. */
  held: z.enum(HELD_FOR).nullable().default(null),
  dueAt: z.iso.datetime(),
  message: Message,
});
export type DeliveryRequest = z.infer<typeof DeliveryRequest>;

export const DELIVERY_SUBJECT = 'delivery';

/** The ledger entry that owes the message; from here on it ends delivered, dead or superseded. */
export function deliveryRequested(
  { id, held, ...rest }: Omit<DeliveryRequest, 'held'> & Partial<Pick<DeliveryRequest, 'held'>>,
  now: Date,
): NewEntry {
  const data = held ? { ...rest, held } : rest;
  return {
    action: 'delivery.requested',
    actor: SYSTEM,
    at: now,
    subject: { type: DELIVERY_SUBJECT, id },
    data: data as { readonly [key: string]: Json },
  };
}

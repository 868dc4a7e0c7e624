import type { ApprovalNotice, ApprovalStep } from '../domain/approval-notice.js';
import type { DeadlineNotice } from '../domain/deadline-notice.js';
import type { LedgerNotice } from '../domain/ledger-notice.js';
import type { TrainingNotice, TrainingStep } from '../domain/training-notice.js';

const SAID: Readonly<Record<TrainingStep, string>> = {
  recommended: 'is recommended',
  deferred: 'is put off',
  refused: 'was refused',
  proposed: 'waits for a yes or no',
  declined: 'was declined',
  requested: 'was asked for',
  unsent: 'cannot be sent to whoever trains',
  running: 'is running',
  succeeded: 'succeeded',
  failed: 'failed',
  timed_out: 'timed out',
  cancelled: 'was called off',
  unused: 'made a version that serves nothing',
  better: 'made a better version',
  worse: 'made a version that is not better',
  promotion_proposed: 'made a better version, and its promotion waits for a yes or no',
  promotion_declined: 'made a version that is not promoted',
  promoted: 'made a version that answers now',
  roll_back: 'made a version that is worse than the one it replaced: go back to that',
  proved: 'helped',
  disproved: 'did not help',
};

const ASKED: Readonly<Record<ApprovalStep, string>> = {
  requested: 'waits for a yes or no',
  expired: 'was not decided in time',
};

/** What is told once and never edited. */
export type Notice = TrainingNotice | LedgerNotice | ApprovalNotice | DeadlineNotice;

const NOTICES: ReadonlySet<string> = new Set<Notice['type']>([
  'training_notice',
  'ledger_notice',
  'approval_notice',
  'deadline_notice',
]);

/** Whether a message is one of them. */
export function isNotice<Other extends { readonly type: string }>(
  message: Other | Notice,
): message is Notice {
  return NOTICES.has(message.type);
}

/** `training of credit-default 7 timed out`. */
export function noticeTitle(notice: Notice): string {
  if (notice.type === 'ledger_notice') return ledgerTitle(notice);
  if (notice.type === 'approval_notice') return `${notice.what} ${ASKED[notice.step]}`;
  if (notice.type === 'deadline_notice') return `${notice.what} is ${notice.step}`;
  const { model, version, end } = notice;
  const name = version === '' ? model : `${model} ${version}`;
  return `training of ${name} ${SAID[end]}`;
}

function ledgerTitle({ checkpoint, about }: LedgerNotice): string {
  if (checkpoint) return 'checkpoint of the ledger';
  return about === 'store' ? 'stored judgements need a look' : 'the ledger needs a look';
}

/** The notice in one sentence or two: what, why, and what it was wanted for. */
export function noticeText(notice: Notice): string {
  const text = `${noticeTitle(notice)}: ${notice.summary}`;
  return notice.type === 'training_notice' ? `${text}. It was wanted because: ${notice.cause}` : text;
}

/** What is to be kept letter by letter beside the sentence; null where there is nothing. */
export function noticeAppendix(notice: Notice): string | null {
  return notice.type === 'ledger_notice' ? (notice.checkpoint?.note ?? null) : null;
}

/** The page where a person sees what it is about. */
export function noticeLink(notice: Notice): string {
  if (notice.type === 'approval_notice') return notice.links.approval;
  if (notice.type === 'deadline_notice') return notice.links.page;
  return notice.type === 'ledger_notice' ? notice.links.audit : notice.links.retraining;
}

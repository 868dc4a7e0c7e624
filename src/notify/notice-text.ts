import type { TrainingNotice } from '../domain/training-notice.js';
import { words } from '../domain/wording.js';

/** `training of credit-default 7 timed out`. */
export function noticeTitle({ model, version, end }: TrainingNotice): string {
  const name = version === '' ? model : `${model} ${version}`;
  return `training of ${name} ${end === 'refused' ? 'was refused' : words(end)}`;
}

/** The notice in one sentence or two: what, why, and what it was wanted for. */
export function noticeText(notice: TrainingNotice): string {
  return `${noticeTitle(notice)}: ${notice.summary}. It was wanted because: ${notice.cause}`;
}

import type { CaseMessage } from '../domain/case-message.js';
import type { Message } from '../domain/delivery.js';
import type { DigestMessage } from '../domain/digest-message.js';
import { testText } from '../domain/test-message.js';
import type { WeeklyMessage } from '../domain/weekly-message.js';
import type { Delivery } from './delivery.js';
import { minuteText, spanText, utcText } from '../domain/wording.js';
import { caseSentence } from './message.js';
import { digestLine, digestReason, digestTitle } from './digest-lines.js';
import { isNotice, noticeLink, noticeText, type Notice } from './notice-text.js';
import { weeklyLines, weeklyTitle } from './weekly-lines.js';
import { Notifier, type DeliveryOutcome } from './notifier.js';

/** Writes cases as readable lines through the given function; what the demo and a first start show without any set-up. */
export class ConsoleNotifier extends Notifier {
  override readonly kind = 'console';

  constructor(private readonly write: (line: string) => void) {
    super();
  }

  override async deliver(message: Message, _delivery: Delivery): Promise<DeliveryOutcome> {
    if (message.type === 'case') this.write(consoleLine(message));
    if (isNotice(message)) this.write(noticeLine(message));
    if (message.type === 'test') this.write(`[test] ${printable(testText(message))}`);
    if (message.type === 'digest') this.write(digestText(message));
    if (message.type === 'weekly') this.write(weeklyLine(message));
    return { kind: 'delivered', receipt: {} };
  }
}

/** One case on one line: what happened to it, how bad, which model, what moved, since when, and where to look. */
export function consoleLine(message: CaseMessage): string {
  const since = message.since === null ? '' : ` since ${minuteText(new Date(message.since))} UTC`;
  const ended = message.briefing?.ended;
  const lasted = ended
    ? ` until ${utcText(new Date(ended.at))}, for ${spanText(1000 * ended.lastedSeconds)}`
    : '';
  const cost = message.briefing?.cost ? `; ${message.briefing.cost}` : '';
  const call = message.call ? ` (${message.call.text})` : '';
  const how = message.state === 'CLOSED' ? message.purpose : `${message.purpose} ${message.severity}`;
  return `[${how}] ${printable(caseSentence(message))}${since}${lasted}${cost}${call} → ${message.links.case}`;
}

/** What was held back on one line. */
function digestText(digest: DigestMessage): string {
  const cases = digest.cases.map((one) => digestLine(one));
  return `[digest] ${printable(`${digestTitle(digest)}. ${digestReason(digest)} ${cases.join('; ')}`)} → ${digest.links.cases}`;
}

/** What a week was, on one line. */
function weeklyLine(message: WeeklyMessage): string {
  return `[weekly] ${printable(`${weeklyTitle(message)}. ${weeklyLines(message).join('. ')}`)} → ${message.links.cases}`;
}

const ABOUT: Readonly<Record<Notice['type'], string>> = {
  training_notice: 'training',
  ledger_notice: 'ledger',
  approval_notice: 'approval',
  deadline_notice: 'deadline',
};

/** A notice on one line. */
function noticeLine(notice: Notice): string {
  return `[${ABOUT[notice.type]}] ${printable(noticeText(notice))} → ${noticeLink(notice)}`;
}

/** Names in events are somebody else's text: control characters could rewrite a terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '�');
}

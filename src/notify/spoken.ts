import type { CaseMessage } from '../domain/case-message.js';
import type { Message } from '../domain/delivery.js';
import type { Severity } from '../domain/incident.js';
import { testText } from '../domain/test-message.js';
import { factsOfCase, headWord, leadText } from './case-lines.js';
import { digestLine, digestReason, digestRest, digestTitle } from './digest-lines.js';
import { caseTitle } from './message.js';
import { noticeText, noticeTitle } from './notice-text.js';
import { weeklyLines, weeklyTitle } from './weekly-lines.js';

/** What every tool for alerts wants to know of a message, whatever it is about. */
export interface Spoken {
  /** The same for everything about one problem: a tool knows its alert by it. */
  readonly key: string;
  readonly title: string;
  readonly lines: readonly string[];
  readonly severity: Severity;
  /** `over` ends an alert, `taken` says that a person has it. */
  readonly state: 'open' | 'taken' | 'over';
  readonly since: Date;
  readonly link: string;
  readonly runbook: string | null;
  /** Names by which tools route and filter. */
  readonly labels: Readonly<Record<string, string>>;
  /** Said and over: it opens no alert that somebody must end. */
  readonly isBrief: boolean;
}

/** A message in the words of tools for alerts; a notice or a test is over as soon as it is said. `stream` is what it is about. */
export function spoken(
  message: Exclude<Message, { type: 'retrain' }>,
  { stream, requestedAt }: { readonly stream: string; readonly requestedAt: Date },
): Spoken {
  const usual = { key: stream, since: requestedAt, runbook: null, isBrief: false } as const;
  switch (message.type) {
    case 'case':
      return ofCase(message);
    case 'digest': {
      const lines = [digestReason(message), ...message.cases.map(digestLine), digestRest(message) ?? ''];
      const { severity, open, links } = message;
      return { ...usual, title: digestTitle(message), lines, severity, state: open > 0 ? 'open' : 'over', link: links.cases, labels: {} }; // prettier-ignore
    }
    case 'weekly':
      return { ...usual, title: weeklyTitle(message), lines: weeklyLines(message), severity: 'info', state: 'open', link: message.links.cases, labels: {}, isBrief: true }; // prettier-ignore
    case 'training_notice': {
      const { model, version, owner, links } = message;
      const labels = { model, version, owner };
      return { ...usual, title: noticeTitle(message), lines: [noticeText(message)], severity: 'info', state: 'open', link: links.retraining, labels, isBrief: true }; // prettier-ignore
    }
    case 'ledger_notice':
      return { ...usual, title: noticeTitle(message), lines: [noticeText(message), ...(message.checkpoint ? [message.checkpoint.note] : [])], severity: message.checkpoint ? 'info' : 'critical', state: 'open', link: message.links.audit, labels: {}, isBrief: true }; // prettier-ignore
    case 'approval_notice': {
      const labels: Readonly<Record<string, string>> = message.model === null ? {} : { model: message.model };
      return { ...usual, title: noticeTitle(message), lines: [noticeText(message)], severity: 'info', state: 'open', link: message.links.approval, labels, isBrief: true }; // prettier-ignore
    }
    case 'deadline_notice': {
      const severity = message.step === 'overdue' ? 'critical' : 'warning';
      return { ...usual, title: noticeTitle(message), lines: [noticeText(message)], severity, state: 'open', link: message.links.page, labels: { model: message.model }, isBrief: true }; // prettier-ignore
    }
    case 'test':
      return { ...usual, title: 'Tidewatch test', lines: [testText(message)], severity: 'info', state: 'over', link: message.links.channels, labels: {}, isBrief: true }; // prettier-ignore
  }
}

function ofCase(message: CaseMessage): Spoken {
  const { caseId, model, version, owner, severity, state, briefing, links, findings } = message;
  const facts = factsOfCase(message).map(([name, text]) => `${name}: ${text}`);
  return {
    key: caseId,
    title: `${headWord(message)} ${caseTitle(message)}`,
    lines: [leadText(message), ...facts],
    severity,
    state: state === 'CLOSED' ? 'over' : state === 'ACKNOWLEDGED' ? 'taken' : 'open',
    since: new Date(message.since ?? message.openedAt),
    link: links.case,
    runbook: briefing?.runbook ?? null,
    labels: {
      model,
      version,
      owner,
      tier: briefing?.tier ?? 'MEDIUM',
      check: findings[0]?.check ?? '',
      feature: findings[0]?.feature ?? '',
    },
    isBrief: false,
  };
}

/** Text cut to what a tool takes. */
export function cut(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}

import { schemaOf } from './base-of.js';
import type { ApprovalNotice } from '../domain/approval-notice.js';
import type { CaseEventData, CaseMessage } from '../domain/case-message.js';
import type { DeadlineNotice } from '../domain/deadline-notice.js';
import type { DigestMessage } from '../domain/digest-message.js';
import { testText, type TestEventData, type TestMessage } from '../domain/test-message.js';
import type { LedgerNotice } from '../domain/ledger-notice.js';
import type { WeeklyMessage } from '../domain/weekly-message.js';
import { factsOfCase, findingParts } from './case-lines.js';
import { findingName } from './case-title.js';
import { noticeText, type Notice } from './notice-text.js';

export const CLOUD_EVENT_TYPE = 'application/cloudevents+json; charset=utf-8';

/** What a CloudEvent of ours says about itself beside its data. */
export interface EventEnvelope {
  /** The delivery id, which is also `webhook-id`. */
  readonly id: string;
  /** Last part of the type, e.g. `case.opened.v1`. */
  readonly type: string;
  readonly model: string;
  readonly version: string;
  readonly time: Date;
  /** Place in the stream of the case; a receiver drops what is older than what it has. */
  readonly sequence: number;
  /** Where the schema of the data is served; left out of requests to jobs. */
  readonly schema?: string;
}

/**
 * A CloudEvents 1.0 event in structured mode as JSON text: every attribute stands inside the signed body, which binary mode would
 * leave in unsigned headers.
 */
export function cloudEvent(envelope: EventEnvelope, data: object): string {
  const subject = envelope.version === '' ? envelope.model : `${envelope.model}/${envelope.version}`;
  return JSON.stringify({
    specversion: '1.0',
    id: envelope.id,
    source: `/tidewatch/models/${encodeURIComponent(envelope.model)}`,
    type: `io.tidewatch.${envelope.type}`,
    subject,
    time: envelope.time.toISOString(),
    datacontenttype: 'application/json',
    ...(envelope.schema === undefined ? {} : { dataschema: envelope.schema }),
    partitionkey: envelope.model,
    sequence: String(envelope.sequence).padStart(10, '0'),
    data,
  });
}

/** The event of a case message: `case.opened.v1`, `case.updated.v1`, `case.reopened.v1` or `case.closed.v1`. */
export function caseEvent(id: string, message: CaseMessage, time: Date): string {
  const { model, version, seq: sequence } = message;
  const data = caseData(message);
  const schema = schemaOf(message.links.model, 'case');
  return cloudEvent({ id, type: `case.${message.purpose}.v1`, model, version, time, sequence, schema }, data);
}

/** The message with what people read of it: the words of the check alone are for programs. */
function caseData({ type: _type, ...message }: CaseMessage): CaseEventData {
  const facts = factsOfCase({ type: 'case', ...message }).map(([name, text]) => ({ name, text }));
  const findings = message.findings.map((one) => ({
    ...one,
    words: `${findingName(one)}: ${findingParts(one).join('; ')}`,
  }));
  return { ...message, findings, facts };
}

/** The event of what was held back: `digest.v1`. */
export function digestEvent(id: string, digest: DigestMessage, time: Date): string {
  const { type: _type, ...data } = digest;
  const schema = schemaOf(digest.links.cases, 'digest');
  return cloudEvent({ id, type: 'digest.v1', model: '*', version: '', time, sequence: digest.seq, schema }, data); // prettier-ignore
}

/** The event of a week: `weekly.v1`. */
export function weeklyEvent(id: string, { type: _type, ...data }: WeeklyMessage, time: Date): string {
  const schema = schemaOf(data.links.cases, 'weekly');
  return cloudEvent({ id, type: 'weekly.v1', model: '*', version: '', time, sequence: 1, schema }, data);
}

/** The event of a test: `test.v1`. */
export function testEvent(id: string, test: TestMessage): string {
  const time = new Date(test.at);
  const schema = schemaOf(test.links.channels, 'test');
  const data: TestEventData = { by: test.by, text: testText(test) };
  return cloudEvent({ id, type: 'test.v1', model: '*', version: '', time, sequence: 1, schema }, data);
}

/** The event of a notice, such as `training.failed.v1`, `approval.requested.v1` or `ledger.problem.v1`. */
export function noticeEvent(id: string, notice: Notice): string {
  if (notice.type === 'ledger_notice') return ledgerEvent(id, notice);
  if (notice.type === 'approval_notice') return approvalEvent(id, notice);
  if (notice.type === 'deadline_notice') return deadlineEvent(id, notice);
  const { type: _type, ...data } = notice;
  const { model, version, end } = notice;
  const schema = schemaOf(notice.links.model, 'training');
  const envelope = {
    id,
    type: `training.${end}.v1`,
    model,
    version,
    time: new Date(notice.at),
    sequence: 1,
    schema,
  };
  return cloudEvent(envelope, { ...data, text: noticeText(notice) });
}

/** The event of what others have to agree to: `approval.requested.v1` or `approval.expired.v1`. */
function approvalEvent(id: string, notice: ApprovalNotice): string {
  const { type: _type, ...data } = notice;
  const { approval } = notice.links;
  const schema = schemaOf(approval, 'approval');
  const envelope = {
    id,
    type: `approval.${notice.step}.v1`,
    model: notice.model ?? '*',
    version: '',
    time: new Date(notice.at),
    sequence: 1,
    schema,
  };
  return cloudEvent(envelope, { ...data, text: noticeText(notice) });
}

/** The event of what is due: `deadline.due.v1` or `deadline.overdue.v1`. */
function deadlineEvent(id: string, notice: DeadlineNotice): string {
  const { type: _type, ...data } = notice;
  const { model, step, at } = notice;
  const schema = schemaOf(notice.links.page, 'deadline');
  const envelope = { id, type: `deadline.${step}.v1`, model, version: '', time: new Date(at), sequence: 1, schema }; // prettier-ignore
  return cloudEvent(envelope, { ...data, text: noticeText(notice) });
}

/** The event of a ledger that needs a look, `ledger.problem.v1`, or of what it is, `ledger.checkpoint.v1`. */
function ledgerEvent(id: string, { type: _type, ...data }: LedgerNotice): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: '/tidewatch/ledger',
    type: `io.tidewatch.ledger.${data.checkpoint ? 'checkpoint' : 'problem'}.v1`,
    subject: 'ledger',
    time: data.at,
    datacontenttype: 'application/json',
    dataschema: schemaOf(data.links.audit, 'ledger'),
    data,
  });
}

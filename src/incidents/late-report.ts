import { reportDueAt } from '../domain/serious-class.js';
import type { FiledReport, SeriousIncident } from './serious-incident.js';

/**
 * By how much a report was late against the deadline that holds now, ms; null where it was in time, or nothing wanted it by a day. The first report is what the law wants; the
 * final one after it was promised for a day. A class or an awareness that was said later may make a report late that was in time when it went out.
 */
export function lateBy(serious: SeriousIncident, report: FiledReport): number | null {
  const isFirst = serious.reports[0]?.seq === report.seq;
  const promised = report.kind === 'FINAL' ? serious.finalDueAt : null;
  const due = isFirst ? reportDueAt(serious.class, serious.awareAt) : promised;
  const late = due === null ? 0 : report.at.getTime() - due.getTime();
  return late > 0 ? late : null;
}

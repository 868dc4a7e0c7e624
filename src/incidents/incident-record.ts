import type { CloseReason, Incident } from '../domain/incident.js';

/** Which evaluation spoke: the end of the window and its revision. */
interface Spoken {
  readonly to: Date;
  readonly revision: number;
}

/** An incident with what its state machine has to remember. */
export interface IncidentRecord extends Incident {
  readonly caseId: string;
  /** Rows the value rests on. */
  readonly n: number;
  /** The window that opened (or re-opened) it. */
  readonly firstWindow: Spoken;
  /** Revision of the window that ends at `lastWindowTo`. */
  readonly lastRevision: number;
  /** When it began in the last two weeks, event time: of all incidents of its key. */
  readonly beginnings: readonly Date[];
  /** A later window than the first found it too: the first one alone can no longer take it back. */
  readonly confirmed: boolean;
  /** Consecutive clear windows that close it. */
  readonly clearAfter: number;
  /** Somebody was told of it, and will therefore be told of its end. */
  readonly announced: boolean;
  /** Effects by statistic when people were last told how large it is. */
  readonly heard?: Readonly<Record<string, number>> | undefined;
  /** The incident that accounts for it, a fault of the data or a feature's own drift; it is then listed with its cause and not announced by itself. */
  readonly explainedBy: string | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedUntil: Date | null;
  readonly closeReason: CloseReason | null;
}

import { z } from 'zod';
import type { LedgerEntry } from '../domain/ledger-entry.js';
import { isMeant, Matcher, matchesAll, Meant, type Labels } from '../domain/matcher.js';
import type { Projection } from '../ledger/projection.js';
import { isWithin } from '../domain/weekly-time.js';
import type { Maintenance } from './maintenance.js';

export const SILENCE_STATES = ['PENDING', 'ACTIVE', 'EXPIRED'] as const;
export type SilenceState = (typeof SILENCE_STATES)[number];

const Time = z.iso.datetime().transform((text) => new Date(text));
const Created = z.object({
  matchers: z.array(Matcher).min(1),
  only: z.array(Meant).min(1).optional(),
  startsAt: Time,
  endsAt: Time,
  by: z.string(),
  comment: z.string(),
});
const Held = z.object({ incidents: z.array(z.string()), caseId: z.string() });

/** A time in which what matches is not told. */
export interface Silence {
  readonly id: string;
  readonly matchers: readonly Matcher[];
  /** Where it is of these findings alone; absent where whatever matches is meant. */
  readonly only?: readonly Meant[] | undefined;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly createdBy: string;
  readonly comment: string;
  /** Messages it held back: changes of incidents that somebody would have heard of. */
  readonly suppressed: number;
}

/** An incident that somebody would have been told of, and the case it belongs to. */
export interface HeldBack {
  readonly incidentId: string;
  readonly caseId: string;
  /** The silence or maintenance window that held it back last. */
  readonly by: string;
  readonly at: Date;
}

export const SILENCE_SUBJECT = 'silence';
/** What stands before the name of a maintenance window where it holds something back. */
export const MAINTENANCE = 'maintenance:';

/** Silences, and what they and maintenance windows hold back, folded from the ledger. */
export class Silences implements Projection {
  readonly #silences = new Map<string, Silence>();
  readonly #held = new Map<string, HeldBack>();
  /** By incident, whether or not it is held back now. */
  readonly #holders = new Map<string, HeldBack>();

  /** `maintenance` are recurring silences, as the channels file has them now. */
  constructor(private readonly maintenance: () => readonly Maintenance[] = () => []) {}

  reset(): void {
    this.#silences.clear();
    this.#held.clear();
    this.#holders.clear();
  }

  apply({ action, subject, data, at }: LedgerEntry): void {
    if (subject.type !== SILENCE_SUBJECT) return;
    const known = this.#silences.get(subject.id);
    if (action === 'silence.created') {
      const { by: createdBy, ...rest } = Created.parse(data);
      this.#silences.set(subject.id, { id: subject.id, createdBy, suppressed: 0, ...rest });
    } else if (action === 'silence.expired' && known) this.#silences.set(known.id, { ...known, endsAt: at });
    else if (action === 'silence.suppressed') {
      const { incidents, caseId } = Held.parse(data);
      for (const incidentId of incidents) {
        const held = { incidentId, caseId, by: subject.id, at };
        this.#held.set(incidentId, held);
        this.#holders.set(incidentId, held);
      }
      if (known) this.#silences.set(known.id, { ...known, suppressed: known.suppressed + incidents.length });
    } else if (action === 'silence.released')
      for (const incidentId of Held.parse(data).incidents) this.#held.delete(incidentId);
  }

  find(id: string): Silence | undefined {
    return this.#silences.get(id);
  }

  /** Newest first. */
  list(): readonly Silence[] {
    return [...this.#silences.values()].toReversed();
  }

  /** The maintenance windows of the channels file, and whether each is on now. */
  maintenanceAt(now: Date): readonly (Maintenance & { readonly isOn: boolean })[] {
    return this.maintenance().map((one) => ({ ...one, isOn: isWithin(one, now) }));
  }

  /** What keeps quiet about something with these labels now: the id of a silence, or `maintenance:<name>`; null where nothing does. */
  silencedBy(labels: Labels, now: Date): string | null {
    const silence = [...this.#silences.values()].find(
      (one) => silenceState(one, now) === 'ACTIVE' && isMeant(one, labels),
    );
    if (silence) return silence.id;
    const window = this.maintenance().find((one) => isWithin(one, now) && matchesAll(one.matchers, labels));
    return window ? `${MAINTENANCE}${window.name}` : null;
  }

  /** The silence of the very finding with these labels that is on now, whatever else it names; null where there is none. */
  silencedAlone(labels: Labels, now: Date): string | null {
    const named = [...this.#silences.values()].filter(({ only }) => only !== undefined);
    return named.find((one) => silenceState(one, now) === 'ACTIVE' && isMeant(one, labels))?.id ?? null;
  }

  /** How an incident was held back last; null where it never was. */
  lastHeld(incidentId: string): HeldBack | null {
    return this.#holders.get(incidentId) ?? null;
  }

  /** Incidents that are held back. */
  held(): readonly HeldBack[] {
    return [...this.#held.values()];
  }
}

export function silenceState({ startsAt, endsAt }: Silence, now: Date): SilenceState {
  if (now >= endsAt) return 'EXPIRED';
  return now < startsAt ? 'PENDING' : 'ACTIVE';
}

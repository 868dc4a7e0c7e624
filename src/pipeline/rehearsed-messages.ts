import type { IncidentChange } from '../domain/incident-change.js';
import type { Incident } from '../domain/incident.js';
import type { NewEntry } from '../domain/ledger-entry.js';
import type { Incidents } from '../incidents/incidents.js';
import { UNKNOWN_SUBJECT } from '../notify/case-subject.js';
import { Deliveries } from '../notify/deliveries.js';
import type { Delivery } from '../notify/delivery.js';
import { deliveryEntry } from '../notify/delivery-entries.js';
import { destinationRef, type Channels } from '../notify/destination.js';
import { planDeliveries, type PlanContext } from '../notify/plan.js';
import { planDigests } from '../notify/plan-digests.js';
import { isSilentEdit } from '../notify/slack-message.js';

/** Who would be told: the channels of the file, and where an incident goes. */
export interface Telling {
  readonly channels: Channels;
  readonly channelsFor: (incident: Incident, now: Date) => readonly string[];
}

/** Messages that a channel would have had. */
export interface ChannelMessages {
  readonly channel: string;
  readonly messages: number;
}

/** Edits wait for others for less than this. */
const SETTLED_MS = 60_000;
const ARRIVED = { action: 'delivery.delivered', attempt: 1, reconciled: false, receipt: {} } as const;

/** What a rehearsal would have sent, if everything had arrived: cases, digests and budgets as in earnest; edits that notify nobody are not counted. */
export class RehearsedMessages {
  private readonly deliveries = new Deliveries();
  private seq = 0;

  constructor(
    private readonly telling: Telling,
    private readonly incidents: Incidents,
  ) {}

  /** Plans what changes at an instant call for, and lets it arrive. */
  follow(changes: readonly IncidentChange[], now: Date): void {
    const context = this.context(now);
    this.take([...planDeliveries(changes, context, now), ...planDigests(context, now)]);
    const due = this.deliveries.due(new Date(now.getTime() + SETTLED_MS));
    this.take(due.map(({ id }) => deliveryEntry(id, ARRIVED, now)));
  }

  /** By channel of the file, in its order; a destination of several channels counts for the first. */
  counts(): readonly ChannelMessages[] {
    const sent = this.deliveries.list('delivered').filter(isNoticed);
    const seen = new Set<string>();
    return Object.entries(this.telling.channels).map(([channel, destinations]) => {
      const own = destinations.map((one) => destinationRef(one).id).filter((id) => !seen.has(id));
      for (const id of own) seen.add(id);
      return { channel, messages: sent.filter(({ destination }) => own.includes(destination.id)).length };
    });
  }

  private context(now: Date): PlanContext {
    const { channels, channelsFor } = this.telling;
    return {
      channels,
      channelsFor: (incident) => channelsFor(incident, now),
      deliveries: this.deliveries,
      members: (caseId) => this.incidents.together(caseId),
      subject: () => UNKNOWN_SUBJECT,
      baseUrl: '',
    };
  }

  private take(entries: readonly NewEntry[]): void {
    for (const entry of entries) this.deliveries.apply({ ...entry, seq: ++this.seq, hash: '' });
  }
}

function isNoticed({ destination, message }: Delivery): boolean {
  return destination.kind !== 'slack' || message.type !== 'case' || !isSilentEdit(message);
}

import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Incident } from '../domain/incident.js';
import type { Json, LedgerEntry } from '../domain/ledger-entry.js';
import type { IncidentRecord } from '../incidents/incident-record.js';
import { policyText, storyOf } from '../pipeline/as-of.js';
import { Ledger } from '../ledger/ledger.js';
import { DeliveryReads } from '../pipeline/delivery-reads.js';
import { instant } from './request.js';
import { shownDelivery } from './shown-delivery.js';
import type { IncidentStoryArgs } from './schema.generated.js';

/** What became of an incident, for whoever asks afterwards: its entries, who took it on and when, who was told. */
@Resolver('Incident')
export class IncidentHistoryResolver {
  constructor(
    private readonly ledger: Ledger,
    private readonly told: DeliveryReads,
  ) {}

  @ResolveField('story')
  async story(
    @Parent() { id }: IncidentRecord,
    @Args('until') until?: IncidentStoryArgs['until'],
  ): Promise<readonly LedgerEntry[]> {
    return storyOf(this.ledger, id, instant(until));
  }

  @ResolveField('secondsToAcknowledge')
  async secondsToAcknowledge(@Parent() incident: IncidentRecord): Promise<number | null> {
    if (incident.acknowledgedAt === null) return null;
    const began = incident.backAt ?? incident.openedAt;
    const story = await storyOf(this.ledger, incident.id, null);
    const first = story.find(({ action, at }) => action === 'incident.acknowledged' && at >= began);
    return ((first?.at ?? incident.acknowledgedAt).getTime() - began.getTime()) / 1000;
  }

  @ResolveField('deliveries')
  deliveries(@Parent() { caseId }: IncidentRecord): readonly object[] {
    return this.told.deliveries
      .list()
      .filter(({ message }) => message.type === 'case' && message.caseId === caseId)
      .map((delivery) => shownDelivery(delivery, this.told));
  }
}

/** The rule of a policy that found something, in the text that was in force then. */
@Resolver('PolicyRef')
export class PolicyRefResolver {
  constructor(private readonly ledger: Ledger) {}

  @ResolveField('content')
  async content(@Parent() { id, hash }: Incident['policy']): Promise<Json> {
    return policyText(this.ledger, id, hash);
  }
}

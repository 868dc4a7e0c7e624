import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { Monitoring } from '../domain/monitoring.js';
import { ModelReads } from '../pipeline/model-reads.js';
import type { RegisteredModel } from '../registry/registry.js';

/** What a model says of its own monitoring. */
@Resolver('Model')
export class ModelMonitoringResolver {
  constructor(private readonly reads: ModelReads) {}

  @ResolveField('monitoring')
  async monitoring(@Parent() registered: RegisteredModel): Promise<Monitoring> {
    return this.reads.monitoring(registered);
  }

  @ResolveField('labelsUnmatched')
  labelsUnmatched(@Parent() { model }: RegisteredModel): number | null {
    return this.reads.arrivalsOf(model).labels?.unmatched ?? null;
  }

  @ResolveField('labelsDisputed')
  labelsDisputed(@Parent() { model }: RegisteredModel): number | null {
    return this.reads.arrivalsOf(model).labels?.disputed ?? null;
  }

  @ResolveField('labelsMisspelt')
  labelsMisspelt(@Parent() { model }: RegisteredModel): string | null {
    return this.reads.arrivalsOf(model).misspelt;
  }

  @ResolveField('eventTimeShift')
  eventTimeShift(@Parent() { model }: RegisteredModel): string | null {
    return this.reads.arrivalsOf(model).shift;
  }

  @ResolveField('beyondLateness')
  beyondLateness(@Parent() { model }: RegisteredModel): number {
    return this.reads.standing(model.key).beyondLateness;
  }

  @ResolveField('unsummed')
  unsummed(@Parent() { model }: RegisteredModel): string | null {
    return this.reads.standing(model.key).unsummed;
  }
}

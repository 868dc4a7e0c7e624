import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { shiftText } from '../pipeline/model-concerns.js';
import type { Monitoring } from '../domain/monitoring.js';
import { misspeltText } from '../profiles/misspelt-text.js';
import { readMonitoring } from '../pipeline/monitoring.js';
import type { RegisteredModel } from '../registry/registry.js';
import { Service } from '../service.js';

/** What a model says of its own monitoring. */
@Resolver('Model')
export class ModelMonitoringResolver {
  constructor(private readonly service: Service) {}

  @ResolveField('monitoring')
  async monitoring(@Parent() registered: RegisteredModel): Promise<Monitoring> {
    const { stages, spine } = this.service;
    return readMonitoring(stages, registered, spine.problems);
  }

  @ResolveField('labelsUnmatched')
  labelsUnmatched(@Parent() { model }: RegisteredModel): number | null {
    return this.service.stages.arrivals.labelsOf(model.key)?.unmatched ?? null;
  }

  @ResolveField('labelsDisputed')
  labelsDisputed(@Parent() { model }: RegisteredModel): number | null {
    return this.service.stages.arrivals.labelsOf(model.key)?.disputed ?? null;
  }

  @ResolveField('labelsMisspelt')
  labelsMisspelt(@Parent() { model }: RegisteredModel): string | null {
    return misspeltText(model, this.service.stages.arrivals.misspeltOf(model.key));
  }

  @ResolveField('eventTimeShift')
  eventTimeShift(@Parent() { model }: RegisteredModel): string | null {
    const shift = this.service.stages.arrivals.shiftOf(model.key);
    return shift === null ? null : shiftText(shift);
  }

  @ResolveField('beyondLateness')
  beyondLateness(@Parent() { model }: RegisteredModel): number {
    return this.service.spine.standing(model.key).beyondLateness;
  }
}

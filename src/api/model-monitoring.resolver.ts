import { Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { readMonitoring, type Monitoring } from '../pipeline/monitoring.js';
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

  @ResolveField('beyondLateness')
  beyondLateness(@Parent() { model }: RegisteredModel): number {
    return this.service.stages.book.beyondLatenessOf(model.key);
  }
}

import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { CheckResult } from '../domain/check-result.js';
import { readResults, windowKey, type WindowRow } from '../pipeline/window-reads.js';
import type { ModelVersion } from '../registry/registry.js';
import { Service } from '../service.js';

/** Stages are upper case in the API, as GraphQL writes enum values. */
@Resolver('ModelVersion')
export class ModelVersionResolver {
  @ResolveField('stage')
  stage(@Parent() { stage }: ModelVersion): string {
    return stage.toUpperCase();
  }
}

/** What the checks said of a window. */
@Resolver('Window')
export class WindowResolver {
  constructor(private readonly service: Service) {}

  @ResolveField('results')
  async results(
    @Parent() window: WindowRow,
    @Args() filter: { feature?: string; check?: string },
  ): Promise<readonly CheckResult[]> {
    const { model, version, from } = window;
    const query = {
      model,
      windows: [{ version, from }],
      feature: filter.feature ?? null,
      check: filter.check ?? null,
    };
    const results = await readResults(this.service.database, query);
    return results.get(windowKey({ version, from })) ?? [];
  }
}

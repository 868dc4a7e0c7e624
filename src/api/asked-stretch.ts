import type { Clock } from '../domain/clock.js';
import { spanOf } from '../pipeline/performance.js';
import type { Span } from '../profiles/merge-minutes.js';
import type { RegisteredModel } from '../registry/registry.js';
import { BadInput } from './graphql-errors.js';
import { demandVersion } from './known.js';
import { price } from './price.js';
import { stretch, type ApiContext } from './request.js';

/** Where a field of a model is asked to look. */
export interface PlaceArguments {
  readonly version?: string | null;
  readonly since?: Date | null;
  readonly until?: Date | null;
}

/** Reads of minutes that one request may ask for. */
const MOST_READS = 20;

/** The version and the stretch that a field is asked of, counted among the reads of its request. Throws BadInput. */
export function stretchOf(
  clock: Clock,
  registered: RegisteredModel,
  { version, since, until }: PlaceArguments,
  { req }: Partial<ApiContext>,
): Omit<Span, 'widthMs'> {
  price(req, 'the performance of a model', MOST_READS);
  const [first, last] = stretch({ since, until });
  const { since: from, until: to } = spanOf(registered.model, { since: first, until: last }, clock.now());
  if (from >= to) throw new BadInput(`since: ${from.toISOString()} is not over yet: nothing lies between it and now`, 'since'); // prettier-ignore
  return { version: versionOf(registered, version), from, to };
}

/** The version asked for, else the one that answers. Throws BadInput for one that there is not. */
function versionOf(registered: RegisteredModel, asked: string | null | undefined): string {
  demandVersion(asked, [registered]);
  const { versions } = registered;
  const champion = versions.find(({ stage }) => stage === 'champion');
  return asked ?? (champion ?? versions.at(-1))?.version ?? '';
}

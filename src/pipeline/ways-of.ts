import type { Incident } from '../domain/incident.js';
import { waysThrough, type Way } from '../notify/routes.js';
import { labelsOf } from './hold-back.js';
import type { Stages } from './stages.js';

/** Where an incident goes now by the routes of the channels file, else where its policy says. */
export function waysOf(
  stages: Pick<Stages, 'registry' | 'routes'>,
  incident: Incident,
  now: Date,
): readonly Way[] {
  return waysThrough(stages.routes, { labels: labelsOf(stages, incident), named: incident.channels }, now);
}

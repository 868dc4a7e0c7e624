import { parsed, type FleetModel } from './fleet-model.js';
import type { FleetService } from './fleet-service.js';

const DAY = 86_400_000;

interface Told {
  readonly monitoring: { readonly state: string; readonly reason: string | null; readonly armed: number };
  readonly windows: {
    readonly nodes: readonly {
      readonly results: readonly {
        readonly check: string;
        readonly statistic: string;
        readonly state: string;
      }[];
    }[];
  };
}

const QUERY = `query ($key: String!) { model(key: $key) { monitoring { state reason armed }
  windows(first: 1, version: "1") { nodes { results { check statistic state } } } } }`;

/** What a registered model says of its monitoring that is not so; empty where all is. `days` since its first row. */
export async function untruths(
  service: FleetService,
  fleetModel: FleetModel,
  days: number,
): Promise<readonly string[]> {
  const { key, baseline } = parsed(fleetModel);
  const { model } = await service.query<{ model: Told }>(QUERY, { key });
  const { state, reason, armed } = model.monitoring;
  const said = `${key}, ${days.toFixed(1)} d after its first row, says ${state} (${reason ?? 'no reason'})`;
  const found: string[] = [];
  const judged = state === 'JUDGING' || state === 'PARTLY';
  if (state === 'NO_DATA') found.push(`${said}, with rows`);
  const learns = baseline && 'learn' in baseline ? baseline.learn / DAY : 0;
  if (days < learns - 0.2 && state !== 'LEARNING') found.push(`${said}, though it learns for ${learns} d`);
  if (days > learns + 1.2 && !judged) found.push(`${said}, though its reference is complete`);
  if (judged !== armed > 0) found.push(`${said}, with ${armed} armed`);
  if (!judged)
    for (const { check, statistic, state: result } of model.windows.nodes.flatMap(({ results }) => results))
      if (result === 'OK') found.push(`${said}, and ${check} ${statistic} is OK`);
  return found;
}

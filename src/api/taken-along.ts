import type { Place } from '../domain/residency.js';
import { actorOf, calledText, type Principal } from '../registry/principal.js';
import { barredText, type Barred } from '../registry/residency.js';
import type { Service } from '../service.js';

/** Data that somebody wants to take along. */
export interface Taken {
  /** `the audit export`; the ledger has it. */
  readonly what: string;
  /** The models whose data it holds; null for those of all. */
  readonly models: readonly string[] | null;
}

/** Where data goes that is handed out, and how a refusal calls who it is. */
interface Taker {
  readonly called: string;
  readonly place: Place;
}

/**
 * Why somebody may not take data along: that of a model has to stay in regions where they are not. It is recorded. Null where they may. Whoever
 * signed in, or runs this service, is where the service is; a key is where it says (`liesIn`).
 */
export async function whyNotTaken(
  service: Service,
  principal: Principal,
  taken: Taken,
  { called, place }: Taker = takerOf(service, principal),
): Promise<string | null> {
  const { residency, residencyRefusals } = service.stages;
  const barred = taken.models === null ? residency.barredOfAll(place) : residency.barred(taken.models, place);
  if (barred.length === 0) return null;
  const data = { what: taken.what };
  const kept = { door: 'export', to: `${called}: ${taken.what}`, place, actor: actorOf(principal), data } as const;
  await service.ledger.transact((now) =>
    barred.flatMap((one: Barred) => residencyRefusals.note({ ...kept, barred: one }, now)),
  );
  return `${barredText(barred, called, place)}: ${taken.what} stays here`;
} // prettier-ignore

function takerOf({ stages }: Service, principal: Principal): Taker {
  return { called: calledText(principal), place: principal.liesIn ?? stages.residency.here };
}

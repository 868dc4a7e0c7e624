import { Injectable } from '@nestjs/common';
import { Ledger } from '../ledger/ledger.js';
import { actorOf, calledText, type Principal } from '../registry/principal.js';
import { barredText, Residency, type Barred } from '../registry/residency.js';
import { ResidencyRefusals } from '../registry/residency-refusals.js';

/** Data that somebody wants to take along. */
export interface Taken {
  /** `the audit export`; the ledger has it. */
  readonly what: string;
  /** The models whose data it holds; null for those of all. */
  readonly models: readonly string[] | null;
}

/** What is handed out, and to whom it may not be. */
@Injectable()
export class TakenAlong {
  constructor(
    private readonly ledger: Ledger,
    private readonly residency: Residency,
    private readonly refusals: ResidencyRefusals,
  ) {}

  /**
   * Why somebody may not take data along: that of a model has to stay in regions where they are not. It is recorded. Null where they may. Whoever
   * signed in, or runs this service, is where the service is; a key is where it says (`liesIn`).
   */
  async whyNot(principal: Principal, taken: Taken): Promise<string | null> {
    const called = calledText(principal);
    const place = principal.liesIn ?? this.residency.here;
    const barred =
      taken.models === null ? this.residency.barredOfAll(place) : this.residency.barred(taken.models, place);
    if (barred.length === 0) return null;
    const data = { what: taken.what };
    const actor = actorOf(principal);
    const kept = { door: 'export', to: `${called}: ${taken.what}`, place, actor, data } as const;
    await this.ledger.transact((now) =>
      barred.flatMap((one: Barred) => this.refusals.note({ ...kept, barred: one }, now)),
    );
    return `${barredText(barred, called, place)}: ${taken.what} stays here`;
  }
}

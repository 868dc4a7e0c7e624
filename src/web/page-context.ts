import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Clock } from '../domain/clock.js';
import type { Person } from '../domain/person.js';
import { mayNotText, type Permission } from '../domain/roles.js';
import { KeyDoor } from '../registry/key-door.js';
import { Names } from '../registry/names.js';
import { mayDoTo, personOf, type Principal } from '../registry/principal.js';
import { PageError } from './page-error.js';
import { called, demandReader, demandSameOrigin, visitorOf } from './visitor.js';

type Owned = Parameters<typeof mayDoTo>[2];

/** What pages ask whatever they are about: who looks and what they may do, how people are called, what time it is. */
@Injectable()
export class PageContext {
  /** The name behind an actor's id. */
  readonly nameOf = (id: string): string => this.names.of(id);

  constructor(
    private readonly door: KeyDoor,
    private readonly names: Names,
    private readonly clock: Clock,
  ) {}

  now(): Date {
    return this.clock.now();
  }

  /** Whether who looks at a page may change something there, of one model where it is about one. Throws TooManyWrongKeys. */
  mayChange(request: Request, need: Permission, model: Owned = null): boolean {
    const visitor = visitorOf(this.door, request);
    return visitor !== null && mayDoTo(visitor, need, model);
  }

  /** Who looks at a page, and may. Throws PageError as for a reader. */
  demandReader(request: Request, need: Permission): Principal {
    return demandReader(this.door, request, need);
  }

  /** That who looks at a page may not do something, in words. Throws PageError as for a reader. */
  mayNot(request: Request, need: Permission): string {
    return mayNot(demandReader(this.door, request), need);
  }

  /** Who changes something. Throws PageError as for a reader, and also when the request did not come from a page of this service. */
  demandAllowed(request: Request, need: Permission, model: Owned = null): Person {
    const visitor = demandReader(this.door, request);
    if (!mayDoTo(visitor, need, model)) throw new PageError(403, mayNot(visitor, need));
    demandSameOrigin(request);
    return personOf(visitor);
  }
}

function mayNot(visitor: Principal, need: Permission): string {
  return `${called(visitor)} ${mayNotText(need)}.`;
}

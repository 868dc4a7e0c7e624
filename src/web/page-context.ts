import { Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { Clock } from '../domain/clock.js';
import type { Person } from '../domain/person.js';
import type { Permission } from '../domain/roles.js';
import { KeyDoor } from '../registry/key-door.js';
import { Names } from '../registry/names.js';
import { demandAllowed, mayChange, type Owned } from './visitor.js';

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

  /** As `mayChange` does. */
  mayChange(request: Request, need: Permission, model: Owned = null): boolean {
    return mayChange(this.door, request, need, model);
  }

  /** As `demandAllowed` does. */
  demandAllowed(request: Request, need: Permission, model: Owned = null): Person {
    return demandAllowed(this.door, request, need, model);
  }
}

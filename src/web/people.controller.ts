import { Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { KEYS } from './keys.page.js';
import { Pages } from './pages.decorator.js';

/** People are where their keys are. */
@Pages('people', 'audit')
export class PeopleController {
  @Get()
  people(@Res() response: Response): void {
    response.redirect(303, KEYS);
  }
}

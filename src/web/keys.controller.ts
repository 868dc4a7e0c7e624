import { Body, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { roleOf } from '../domain/roles.js';
import type { MadeKey } from '../pipeline/make-key.js';
import { AccessReads } from '../pipeline/access-reads.js';
import { PeopleActions } from '../pipeline/people-actions.js';
import { Registry } from '../registry/registry.js';
import { formText } from './form-text.js';
import { KEYS, keysPage, LONGEST_KEY_DAYS } from './keys.page.js';
import type { PageContent } from './layout.js';
import { PageError } from './page-error.js';
import { Pages } from './pages.decorator.js';
import { PageContext } from './page-context.js';
import { KeyActions } from '../pipeline/key-actions.js';

const DAY = 86_400_000;

interface KeyForm {
  readonly name?: unknown;
  readonly role?: unknown;
  readonly owner?: unknown;
  readonly models?: unknown;
  readonly days?: unknown;
}

/** Who has which key, and who signed in. */
@Pages('keys', 'audit')
export class KeysController {
  constructor(
    private readonly reads: AccessReads,
    private readonly people: PeopleActions,
    private readonly registry: Registry,
    private readonly context: PageContext,
    private readonly actions: KeyActions,
  ) {}

  @Get()
  async list(@Req() request: Request): Promise<PageContent> {
    return this.page(request, null);
  }

  /** The answer is the page with the text of the key: it is shown once, and so there is no other address to lead to. */
  @Post()
  @HttpCode(201)
  async create(@Body() form: KeyForm | undefined, @Req() request: Request): Promise<PageContent> {
    const { actor } = this.context.demandAllowed(request, 'admin');
    const role = roleOf(formText(form?.role));
    if (role === null) throw new PageError(400, 'Choose a role.');
    const models = formText(form?.models).split(/[\s,]+/u).filter(Boolean);
    const unknown = models.find((key) => !this.registry.find(key));
    if (unknown !== undefined) throw new PageError(400, `There is no model ${unknown}.`);
    const expiresAt = endOf(formText(form?.days), this.context.now());
    const limits = { owner: formText(form?.owner) || null, models: models.length > 0 ? models : null, expiresAt };
    const wish = { name: formText(form?.name), role, scopes: [], actor, ...limits };
    return this.page(request, await this.actions.make(wish));
  } // prettier-ignore

  @Post(':id/revoke')
  @HttpCode(303)
  async revoke(
    @Param('id') id: string,
    @Body() form: { readonly reason?: unknown } | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { actor } = this.context.demandAllowed(request, 'admin');
    const reason = formText(form?.reason);
    if (reason === '') throw new PageError(400, 'Say why the key ends.');
    await this.actions.revoke(id, reason, actor);
    response.redirect(303, KEYS);
  }

  private async page(request: Request, made: MadeKey | null): Promise<PageContent> {
    const [keys, people] = await Promise.all([this.reads.keys(), this.people.list()]);
    return keysPage({
      keys,
      people,
      canSignIn: this.reads.canSignIn,
      mayAdminister: this.context.mayChange(request, 'admin'),
      made,
      nameOf: this.context.nameOf,
      now: this.context.now(),
    });
  }
}

/** When a key ends; null without a number of days. Throws PageError. */
function endOf(days: string, now: Date): Date | null {
  if (days === '') return null;
  const count = Number(days);
  if (!(count > 0 && count <= LONGEST_KEY_DAYS))
    throw new PageError(400, `Days: a number from 1 to ${LONGEST_KEY_DAYS}.`);
  return new Date(now.getTime() + count * DAY);
}

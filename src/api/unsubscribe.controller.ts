import { Controller, Get, Header, HttpCode, NotFoundException, Param, Post } from '@nestjs/common';
import { DeliveryActions } from '../pipeline/delivery-actions.js';

/** The link in mails (RFC 8058): a mail program posts to it, a person sees a button. Whoever has the link has the mails, so no key is needed. */
@Controller('v1/unsubscribe')
export class UnsubscribeController {
  constructor(private readonly actions: DeliveryActions) {}

  /** Asks first: programs that look at links in mails must take nobody out. */
  @Get(':token')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', "default-src 'none'; form-action 'self'; frame-ancestors 'none'")
  ask(@Param('token') token: string): string {
    this.destinationOf(token);
    return '<!doctype html><html lang="en"><title>Tidewatch</title><h1>No more mails?</h1><p>The mailbox that this mail went to is told nothing any more, until somebody opens it again in Tidewatch.</p><form method="post"><button>No more mails</button></form></html>';
  }

  @Post(':token')
  @HttpCode(200)
  @Header('Content-Type', 'text/plain; charset=utf-8')
  async takeOut(@Param('token') token: string): Promise<string> {
    await this.actions.unsubscribe(this.destinationOf(token));
    return 'Done: this mailbox is told nothing any more.';
  }

  private destinationOf(token: string): string {
    const destination = this.actions.unsubscribedBy(token);
    if (destination === null) throw new NotFoundException('this link is not one of ours, or is cut off');
    return destination;
  }
}

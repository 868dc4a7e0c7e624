import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ApprovalRefusal } from '../approvals/approval-refusal.js';
import { SilenceRefusal } from '../incidents/silence-commands.js';
import { IncidentRefusal } from '../incidents/incident-refusal.js';
import { DeliveryRefusal } from '../notify/delivery-commands.js';
import { TooManyWrongKeys } from '../registry/key-door.js';
import { RegistryError } from '../registry/registry-error.js';
import { RetrainingRefusal } from '../retraining/by-hand.js';
import { SignOn } from '../registry/sign-on.js';
import { Log } from '../telemetry/log.js';
import { html } from './html.js';
import { PageError } from './page-error.js';
import { Framing } from './framing.js';
import { hasLostSignIn } from './recognise.js';
import { providerShown, signInPage, startPath } from './sign-in.page.js';

interface Shown {
  readonly status: number;
  readonly title: string;
  readonly message: string;
}

const TITLES: Readonly<Record<PageError['status'], string>> = {
  400: 'Not understood',
  401: 'Sign in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Not possible now',
  503: 'Busy',
};

/** Errors as pages; what nobody foresaw is logged and said without detail. */
@Catch()
export class PageFilter implements ExceptionFilter {
  constructor(
    private readonly frame: Framing,
    private readonly log: Log,
    @Inject(SignOn) private readonly signOn: SignOn | null,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
    if (error instanceof HttpException) {
      response.status(error.getStatus()).json(error.getResponse());
      return;
    }
    const { status, title, message } = this.shown(error);
    if (status === 401 && this.isOver(request)) {
      response.redirect(303, startPath(request.originalUrl));
      return;
    }
    if (error instanceof TooManyWrongKeys) {
      response.status(429).set('Retry-After', String(error.retryAfterS)).type('text').send(error.message);
      return;
    }
    const content =
      status === 401
        ? signInPage({
            next: request.originalUrl,
            problem: null,
            provider: providerShown(this.signOn),
            crossSite: request.headers['sec-fetch-site'] === 'cross-site',
          })
        : {
            title,
            section: null,
            body: html`<h1>${title}</h1>
              <p>${message}</p>
              <p><a href="/">Back to the fleet</a></p>`,
          };
    response.status(status).send(this.frame.around(content, request, response));
  }

  /** Somebody who was signed in a moment ago: the provider is asked whether they still are, and shows them nothing where they are. */
  private isOver(request: Request): boolean {
    const isPage = request.method === 'GET' && request.headers['sec-fetch-dest'] === 'document';
    return isPage && this.signOn?.provider.problem === null && hasLostSignIn(request);
  }

  private shown(error: unknown): Shown {
    if (error instanceof PageError)
      return { status: error.status, title: TITLES[error.status], message: error.message };
    if (error instanceof RegistryError) {
      const status = error.code.endsWith('_not_found') ? 404 : 400;
      return { status, title: TITLES[status], message: error.message };
    }
    if (error instanceof DeliveryRefusal) {
      const status = error.code === 'delivery_not_found' ? 404 : 409;
      return { status, title: TITLES[status], message: error.message };
    }
    if (error instanceof IncidentRefusal) {
      const status = error.code.endsWith('_not_found') ? 404 : 409;
      return { status, title: TITLES[status], message: error.message };
    }
    if (error instanceof SilenceRefusal) {
      const status = error.code === 'silence_not_found' ? 404 : 409;
      return { status, title: TITLES[status], message: error.message };
    }
    if (error instanceof RetrainingRefusal) {
      const status = error.code === 'retraining_not_found' ? 404 : 409;
      return { status, title: TITLES[status], message: error.message };
    }
    if (error instanceof ApprovalRefusal) {
      const status = error.code === 'approval_not_found' ? 404 : 409;
      return { status, title: TITLES[status], message: error.message };
    }
    this.log.of('web').error('a page failed', error);
    return {
      status: 500,
      title: 'Something failed',
      message: 'The service could not make this page; its log says why.',
    };
  }
}

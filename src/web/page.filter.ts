import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { Request, Response } from 'express';
import { TooManyWrongKeys } from '../registry/key-door.js';
import { SignOn } from '../registry/sign-on.js';
import { DatabaseError } from '../store/database.js';
import { Log } from '../telemetry/log.js';
import { html } from './html.js';
import { Framing } from './framing.js';
import { hasLostSignIn } from './recognise.js';
import { providerShown, signInPage, startPath } from './sign-in.page.js';
import { shownError, type Shown } from './shown-error.js';

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
    const foreseen = shownError(error);
    // A store that does not answer is somebody's to see to as well.
    if (foreseen === null || error instanceof DatabaseError) this.log.of('web').error('a page failed', error);
    return (
      foreseen ?? {
        status: 500,
        title: 'Something failed',
        message: 'The service could not make this page; its log says why.',
      }
    );
  }
}

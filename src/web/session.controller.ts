import {
  Body,
  Controller,
  Get,
  Inject,
  Post,
  Query,
  Req,
  Res,
  UseFilters,
  UseInterceptors,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { SignInRefused, ProviderAway } from '../registry/identity-provider.js';
import { ATTEMPT_COOKIE, cookieIn } from '../registry/request-token.js';
import { KeyDoor } from '../registry/key-door.js';
import { SignOn } from '../registry/sign-on.js';
import { formText } from './form-text.js';
import { clearKeyCookie, localPath, setAttemptCookie, setKeyCookie, setSessionCookie } from './key-cookie.js';
import type { PageContent } from './layout.js';
import { PageError } from './page-error.js';
import { PageFilter } from './page.filter.js';
import { Framing } from './framing.js';
import { PageInterceptor } from './page.interceptor.js';
import { providerShown, signInPage } from './sign-in.page.js';
import { demandSameOrigin, pageProblem } from './visitor.js';

interface SignInForm {
  readonly key?: unknown;
  readonly next?: unknown;
}

/** Signing in and out: by a key in a cookie, or at the identity provider, which leaves a sign-in in the ledger. */
@Controller()
@UseFilters(PageFilter)
export class SessionController {
  constructor(
    private readonly frame: Framing,
    private readonly door: KeyDoor,
    @Inject(SignOn) private readonly provider: SignOn | null,
  ) {}

  @Get('sign-in')
  @UseInterceptors(PageInterceptor)
  form(): PageContent {
    return signInPage({ next: '/', problem: null, crossSite: false, provider: providerShown(this.provider) });
  }

  @Post('sign-in')
  signIn(@Body() form: SignInForm | undefined, @Req() request: Request, @Res() response: Response): void {
    demandSameOrigin(request);
    const key = formText(form?.key);
    const next = localPath(form?.next);
    const principal = this.door.admit(key, request.ip ?? '');
    const problem = principal ? pageProblem(principal) : 'This key is not valid.';
    if (problem !== null) return this.ask(request, response, { next, problem });
    setSessionCookie(request, response, '');
    setKeyCookie(request, response, key);
    response.redirect(303, next);
  }

  /** To the identity provider; what has to be known when the person is back goes with their browser. */
  @Get('sign-in/start')
  async start(
    @Query('next') next: unknown,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const path = localPath(next);
    try {
      const { url, cookie } = await this.signOn().begin(path);
      setAttemptCookie(request, response, cookie);
      response.set('Cache-Control', 'no-store').redirect(303, url);
    } catch (error) {
      this.sorry(error, path, request, response);
    }
  }

  /** Back from the identity provider. */
  @Get('sign-in/callback')
  async callback(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { search } = new URL(request.originalUrl, 'http://localhost');
    const held = cookieIn(request.headers, ATTEMPT_COOKIE);
    setAttemptCookie(request, response, '');
    try {
      const { cookie, next } = await this.signOn().finish(search.slice(1), held, request.ip ?? '');
      clearKeyCookie(request, response);
      setSessionCookie(request, response, cookie);
      response.set('Cache-Control', 'no-store').redirect(303, next);
    } catch (error) {
      this.sorry(error, '/', request, response);
    }
  }

  @Post('sign-out')
  async signOut(@Req() request: Request, @Res() response: Response): Promise<void> {
    demandSameOrigin(request);
    await this.provider?.leave(request);
    clearKeyCookie(request, response);
    setSessionCookie(request, response, '');
    response.redirect(303, '/sign-in');
  }

  private signOn(): SignOn {
    if (this.provider) return this.provider;
    throw new PageError(
      404,
      'People sign in with keys here: no identity provider is set (TIDEWATCH_OIDC_ISSUER).',
    );
  }

  /** Asks again, and says what went wrong. Throws what is no matter of signing in. */
  private sorry(error: unknown, next: string, request: Request, response: Response): void {
    if (!(error instanceof ProviderAway || error instanceof SignInRefused)) throw error;
    this.ask(request, response, { next, problem: error.message }, error instanceof ProviderAway ? 503 : 401);
  }

  private ask(
    request: Request,
    response: Response,
    asked: { readonly next: string; readonly problem: string },
    status = 401,
  ): void {
    const content = signInPage({ ...asked, crossSite: false, provider: providerShown(this.provider) });
    response.status(status).send(this.frame.around(content, request, response));
  }
}

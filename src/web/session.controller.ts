import { Body, Controller, Get, Post, Req, Res, UseFilters, UseInterceptors } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Service } from '../service.js';
import { clearKeyCookie, localPath, setKeyCookie } from './key-cookie.js';
import type { PageContent } from './layout.js';
import { PageFilter } from './page.filter.js';
import { framed } from './page-frame.js';
import { PageInterceptor } from './page.interceptor.js';
import { signInPage } from './sign-in.page.js';
import { demandSameOrigin, pageProblem } from './visitor.js';

interface SignInForm {
  readonly key?: unknown;
  readonly next?: unknown;
}

/** Signing in and out: a key in a cookie, no session on the server. */
@Controller()
@UseFilters(PageFilter)
export class SessionController {
  constructor(private readonly service: Service) {}

  @Get('sign-in')
  @UseInterceptors(PageInterceptor)
  form(): PageContent {
    return signInPage({ next: '/', problem: null, crossSite: false });
  }

  @Post('sign-in')
  signIn(@Body() form: SignInForm | undefined, @Req() request: Request, @Res() response: Response): void {
    demandSameOrigin(request);
    const key = typeof form?.key === 'string' ? form.key.trim() : '';
    const next = localPath(form?.next);
    const principal = this.service.door.admit(key, request.ip ?? '');
    const problem = principal ? pageProblem(principal) : 'This key is not valid.';
    if (problem !== null) {
      const content = signInPage({ next, problem, crossSite: false });
      response.status(401).send(framed(this.service, content, request, response));
      return;
    }
    setKeyCookie(request, response, key);
    response.redirect(303, next);
  }

  @Post('sign-out')
  signOut(@Req() request: Request, @Res() response: Response): void {
    demandSameOrigin(request);
    clearKeyCookie(request, response);
    response.redirect(303, '/sign-in');
  }
}

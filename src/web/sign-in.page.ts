import type { SignOn } from '../registry/sign-on.js';
import { html, type Html } from './html.js';
import type { PageContent } from './layout.js';

/** How people sign in here beside keys. */
export interface ShownProvider {
  readonly host: string;
  /** Nobody can sign in with it at the moment. */
  readonly isAway: boolean;
}

export interface SignInView {
  /** Path to go to afterwards. */
  readonly next: string;
  readonly problem: string | null;
  /** The visitor came by a link on another site, which a strict cookie is not sent with. */
  readonly crossSite: boolean;
  /** Null where there are keys alone. */
  readonly provider: ShownProvider | null;
}

export function providerShown(signOn: SignOn | null): ShownProvider | null {
  return signOn && { host: signOn.provider.host, isAway: signOn.provider.problem !== null };
}

/** Where a sign-in with the provider begins that leads to a page. */
export function startPath(next: string): string {
  return `/sign-in/start?next=${encodeURIComponent(next)}`;
}

function withProvider({ provider, next }: SignInView): Html | null {
  if (provider === null) return null;
  const away = html`<p class="problem" role="alert">
    ${provider.host} does not answer at the moment; a key works.
  </p>`;
  return html`<p><a class="button" href="${startPath(next)}">Sign in with ${provider.host}</a></p>
    ${provider.isAway && away}
    <p class="hint">Or with a key:</p>`;
}

/** Asks who somebody is: by the identity provider, where there is one, or by a key. */
export function signInPage(asked: SignInView): PageContent {
  const { next, problem, crossSite, provider } = asked;
  const again = html`<p class="hint">
    Signed in already? <a href="${next}">Go on to the page</a>: a link on another site does not carry the
    sign-in.
  </p>`;
  return {
    title: 'Sign in',
    section: null,
    body: html`<section class="narrow">
      <h1>Sign in</h1>
      ${provider === null && html`<p>These pages need an API key that may read.</p>`}
      ${problem && html`<p class="problem" role="alert">${problem}</p>`} ${withProvider(asked)}
      <form method="post" action="/sign-in">
        <input type="hidden" name="next" value="${next}" />
        <label
          >Key
          <input
            type="password"
            name="key"
            required
            ${provider === null && html`autofocus`}
            autocomplete="current-password"
            spellcheck="false"
        /></label>
        <button>Sign in</button>
      </form>
      ${crossSite && again}
      <p class="hint">
        The admin key is printed once, at the first start, or is the one set by
        <code>TIDEWATCH_ADMIN_KEY</code>.
      </p>
    </section>`,
  };
}

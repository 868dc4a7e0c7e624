import { html } from './html.js';
import type { PageContent } from './layout.js';

export interface SignIn {
  /** Path to go to afterwards. */
  readonly next: string;
  readonly problem: string | null;
  /** The visitor came by a link on another site, which a strict cookie is not sent with. */
  readonly crossSite: boolean;
}

/** Asks for a key. */
export function signInPage({ next, problem, crossSite }: SignIn): PageContent {
  const again = html`<p class="hint">
    Signed in already? <a href="${next}">Go on to the page</a>: a link on another site does not carry the
    sign-in.
  </p>`;
  return {
    title: 'Sign in',
    section: null,
    body: html`<section class="narrow">
      <h1>Sign in</h1>
      <p>These pages need an API key that may read.</p>
      ${problem && html`<p class="problem" role="alert">${problem}</p>`}
      <form method="post" action="/sign-in">
        <input type="hidden" name="next" value="${next}" />
        <label
          >Key
          <input
            type="password"
            name="key"
            required
            autofocus
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

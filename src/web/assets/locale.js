/* A browser in a container may have a locale that is none (en-US@posix), with which the chart library does not begin. */
'use strict';

try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-GB' });
}

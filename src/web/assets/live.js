/* Keeps an open page as it would be if it were loaded now. Nothing is replaced under somebody who is writing. */
'use strict';

const main = document.getElementById('main');
let isLate = false;
let isWritten = false;

main.addEventListener('input', () => (isWritten = true));

function isBusy() {
  return isWritten || document.hidden || main.contains(document.activeElement);
}

async function refresh() {
  isLate = isBusy();
  if (isLate) return;
  const response = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (!response.ok || isBusy()) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  main.replaceChildren(...fresh.getElementById('main').childNodes);
  for (const part of ['header nav', 'header time']) {
    const [now, then] = [fresh.querySelector(part), document.querySelector(part)];
    if (now && then) then.replaceWith(now);
  }
}

const stream = new EventSource(document.querySelector('link[rel="tidewatch-live"]').href);
stream.addEventListener('change', () => void refresh());
for (const event of ['visibilitychange', 'focusout'])
  document.addEventListener(event, () => isLate && setTimeout(() => void refresh(), 0));

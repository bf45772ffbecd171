/**
 * Fetches the page again at the interval of the looks, and says so when it cannot: what it shows then is of before.
 * Whoever reads keeps the place: what is open stays open, and the focus where it was.
 */
export const PAGE_JS = `'use strict';
(() => {
  const every = Math.max(2, Math.min(60, Number(document.body.dataset.interval))) * 1000;
  let made = document.body.dataset.made;
  const element = (id) => document.getElementById(id);

  function text(node, now) {
    if (node.textContent !== now) node.textContent = now;
  }

  /** By what stays: the next part around it that has a name. */
  function placeOf(focused) {
    const part = focused.parentElement?.closest('main [id]');
    if (!part) return null;
    const tag = focused.tagName;
    return { id: part.id, tag, index: [...part.querySelectorAll(tag)].indexOf(focused) };
  }

  function show(fresh) {
    const open = [...document.querySelectorAll('details[open]')].map(({ id }) => id);
    const scrolled = [...document.querySelectorAll('.scroll')].map(({ scrollLeft }) => scrollLeft);
    const focused = document.activeElement;
    const place = placeOf(document.activeElement);
    element('main').replaceChildren(...fresh.getElementById('main').childNodes);
    for (const id of open) element(id)?.setAttribute('open', '');
    [...document.querySelectorAll('.scroll')].forEach((one, index) => { one.scrollLeft = scrolled[index] ?? 0; });
    if (place !== null) element(place.id)?.querySelectorAll(place.tag)[place.index]?.focus({ preventScroll: true });
    const headline = fresh.getElementById('headline');
    element('headline').className = headline.className;
    text(element('headline'), headline.textContent);
    text(element('stale'), '');
    document.documentElement.classList.remove('stale');
    document.title = fresh.title;
    made = fresh.body.dataset.made;
    buttons();
  }

  function lost() {
    document.documentElement.classList.add('stale');
    element('headline').className = 'pill unknown';
    text(element('headline'), 'Not known');
    text(element('stale'), 'Not updated since ' + made + ': sql-runner serve does not answer. What is below was so then.');
    document.title = 'Not updated: ' + document.title.replace(/^Not updated: /, '');
  }

  async function refresh() {
    try {
      const answer = await fetch(location.pathname, { cache: 'no-store', signal: AbortSignal.timeout(every + 5000) });
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
      if (!answer.ok || fresh.getElementById('main') === null) throw new Error('another page');
      show(fresh);
    } catch {
      lost();
    }
    setTimeout(refresh, every);
  }

  function buttons() {
    if (!navigator.clipboard) return;
    for (const button of document.querySelectorAll('button.copy')) button.hidden = false;
  }

  document.addEventListener('click', async ({ target }) => {
    if (!target.matches?.('button.copy')) return;
    const copied = navigator.clipboard.writeText(target.parentElement.querySelector('code').textContent);
    target.textContent = await copied.then(() => 'Copied', () => 'Not copied');
  });
  buttons();
  setTimeout(refresh, every);
})();
`;

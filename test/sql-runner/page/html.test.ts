import { keepSecret } from '../../../sql-runner/explain/redaction';
import { html } from '../../../sql-runner/page/html';

const shown = (text: string): string => html`<p title="${text}">${text}</p>`.text;

test.each([
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  [`"'><img src=x onerror=alert(1)>`, '&quot;&#39;&gt;&lt;img src=x onerror=alert(1)&gt;'],
  ['a & b &lt;', 'a &amp; b &amp;lt;'],
  ['a\0b', 'a\uFFFDb'],
])('what somebody else has named is text: %s', (text, escaped) => {
  expect(shown(text)).toBe(`<p title="${escaped}">${escaped}</p>`);
});

test('what is HTML already is not escaped again, numbers and nothing are as they are', () => {
  const items = ['<a>', 'b'].map((text) => html`<i>${text}</i>`);
  expect(html`<b id="${1}">${items}${null}</b>`.text).toBe('<b id="1"><i>&lt;a&gt;</i><i>b</i></b>');
});

test('a secret is crossed out although HTML would have changed it', () => {
  const secret = `a "secret" & <more>`;
  keepSecret(secret);
  expect(shown(`said: ${secret}`)).toBe('<p title="said: (sensitive)">said: (sensitive)</p>');
});

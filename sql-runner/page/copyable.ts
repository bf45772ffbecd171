import { html, type Html } from './html';

/** The button works with the script only, which shows it. */
export const copyable = (text: string): Html =>
  html`<div class="copyable">
    <pre><code>${text}</code></pre>
    <button type="button" class="copy" hidden>Copy</button>
  </div>`;

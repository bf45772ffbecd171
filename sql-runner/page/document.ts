import { attention } from './attention';
import { changesPart } from './changes-part';
import { chartTable } from './chart-table';
import { charts } from './chart';
import { freshness, headlineOf } from './headline';
import { html, type Html } from './html';
import { streamViews, type PageView, type SendingSeen } from './page-view';
import { picture } from './picture';
import { planPart } from './plan-part';
import { rowsPart } from './rows-part';
import { runsPart } from './runs-part';
import { streamsTable } from './streams-table';
import { moment } from './words';

/** The whole page, from what is known at this moment. It works as it is; the script only fetches it again. */
export function pageHtml(view: PageView): string {
  const { environment } = view.live;
  const { tone, words } = headlineOf(view);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${`${environment}: ${words}`}</title>
        <link rel="icon" href="icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="page.css" />
        <script src="page.js" defer></script>
      </head>
      <body data-interval="${view.interval}" data-made="${moment(view.now)}">
        <a class="skip" href="#main">To the streams</a>
        <header>
          <p class="product">Aurora Cross-Account Sync</p>
          <h1>Environment <bdi>${environment}</bdi></h1>
          <p id="headline" class="pill ${tone}" role="status" aria-live="polite">${words}</p>
          <p id="stale" role="alert"></p>
        </header>
        <main id="main" tabindex="-1">${parts(view)}</main>
        <footer>
          <p>
            sql-runner serve, looking every ${view.interval} s. <a href="metrics">Metrics</a>,
            <a href="readyz">readiness</a>.
          </p>
          <noscript>
            <p>Without JavaScript this page does not refresh by itself: it shows what was known ${moment(view.now)}.</p>
          </noscript>
        </footer>
      </body>
    </html>`.text;
}

function parts(view: PageView): Html {
  return html`${section('now', 'Now', html`${freshness(view)} ${picture(view)} ${streamsTable(view)}`)}
  ${section('attention', 'What speaks against it', attention(view))} ${section('past', 'The last day', lastDay(view))}
  ${section('plan', 'Pending plan', planPart(view))} ${section('rows', 'Comparison of rows', rowsPart(view))}
  ${section('runs', 'Runs', runsPart(view))} ${section('changes', 'Changes of state', changesPart(view))}
  ${
    view.sending.length === 0
      ? null
      : section(
          'events',
          'Events sent',
          html`<ul>
            ${view.sending.map(receiver)}
          </ul>`,
        )
  }`;
}

const section = (id: string, title: string, content: Html): Html =>
  html`<section id="part-${id}" aria-labelledby="${id}">
    <h2 id="${id}">${title}</h2>
    ${content}
  </section>`;

function lastDay(view: PageView): Html {
  const legend = html`<p class="legend">
    Below each curve: <span class="mark good">followed</span> <span class="mark bad">did not follow</span>
    <span class="mark unknown">not seen</span>; nothing where nobody looked. Times are UTC.
  </p>`;
  return html`${legend}
  ${streamViews(view).map(
    (stream) =>
      html`<h3><bdi>${stream.database}</bdi></h3>
        ${charts(view, stream)} ${chartTable(view, stream)}`,
  )}`;
}

const receiver = ({ to, sent, waiting, dropped, failure }: SendingSeen): Html =>
  html`<li>
    <bdi>${to}</bdi>: ${sent} sent, ${waiting} waiting, ${dropped} given
    up${failure === null ? null : html`. <span class="mark bad">not received:</span> ${failure}`}
  </li>`;

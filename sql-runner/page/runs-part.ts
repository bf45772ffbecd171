import { RUNS_SHOWN } from '../actions/kept-runs';
import type { ShownRun } from '../actions/history';
import { madeText, outcomeText } from '../render/history-text';
import { html, type Html } from './html';
import type { PageView } from './page-view';
import { nothingKept, runsRead } from './runs-read';
import { by, moment, type Tone } from './words';

/** What was run on the environment, newest first. */
export function runsPart(view: PageView): Html {
  const { kept } = view.runs;
  const nothing = nothingKept(view);
  if (kept === null || nothing !== null) return html`${nothing} ${runsRead(view)}`;
  return html`${runsRead(view)}
    <p class="fresh">
      Those that may have changed something, or compared rows, kept since ${moment(Date.parse(kept.since!))}; a new
      clone begins anew. <code>sql-runner history ${view.live.environment}</code> shows all.
    </p>
    ${kept.runs.length === 0 ? html`<p>None is kept.</p>` : table(kept.runs)}`;
}

const table = (runs: readonly ShownRun[]): Html =>
  html`<div class="scroll" tabindex="0" role="region" aria-labelledby="runs-caption">
    <table>
      <caption id="runs-caption">
        The last ${RUNS_SHOWN} at most, newest first
      </caption>
      <thead>
        <tr>
          <th scope="col">Began</th>
          <th scope="col">Mode</th>
          <th scope="col">Outcome</th>
          <th scope="col" class="number">Exit code</th>
          <th scope="col" class="number">Changes made</th>
          <th scope="col">By</th>
          <th scope="col">Run</th>
        </tr>
      </thead>
      <tbody>
        ${runs.map(row)}
      </tbody>
    </table>
  </div>`;

function row(run: ShownRun): Html {
  const { mode, began, exitCode } = run;
  return html`<tr>
    <th scope="row" class="when">${moment(Date.parse(began))}</th>
    <td>${mode}</td>
    <td><span class="mark ${toneOf(run)}">${outcomeText(run)}</span></td>
    <td class="number">${exitCode ?? ''}</td>
    <td class="number">${mode === 'verify' ? '' : madeText(run)}</td>
    <td><bdi>${by(run)}</bdi></td>
    <td><bdi class="code">${run.run.slice(0, 8)}</bdi></td>
  </tr>`;
}

function toneOf({ exitCode, ended, atWork }: ShownRun): Tone {
  if (ended === null) return atWork ? 'idle' : 'bad';
  return exitCode === 0 ? 'good' : 'bad';
}

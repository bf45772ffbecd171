import { html, type Html } from './html';
import { streamViews, type PageView, type StreamView } from './page-view';
import { bytes, clock, moment, rate, span, toneOf } from './words';

const HALF_A_DAY = 12 * 3_600_000;

export function streamsTable(view: PageView): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-labelledby="streams-caption">
    <table>
      <caption id="streams-caption">
        Streams
      </caption>
      <thead>
        <tr>
          <th scope="col">Database</th>
          <th scope="col">State</th>
          <th scope="col" class="number">To go</th>
          <th scope="col" class="number">Behind</th>
          <th scope="col" class="number">Written</th>
          <th scope="col" class="number">Applied</th>
          <th scope="col" class="number">Done in</th>
          <th scope="col" class="number">WAL kept</th>
          <th scope="col" class="number">May grow by</th>
          <th scope="col" class="number">Tables</th>
          <th scope="col">Proven until</th>
          <th scope="col">Slot</th>
        </tr>
      </thead>
      <tbody>
        ${streamViews(view).map((stream) => row(stream, view.now))}
      </tbody>
    </table>
  </div>`;
}

function row({ database, slot, standing, status, pace, before }: StreamView, now: number): Html {
  const was = before === null ? '' : `, was ${before.state}`;
  return html`<tr>
    <th scope="row"><bdi>${database}</bdi></th>
    <td><span class="mark ${toneOf(standing)}">${standing?.state ?? `not seen${was}`}</span></td>
    <td class="number">${bytes(status?.lagBytes)}</td>
    <td class="number">${behind(status, pace)}</td>
    <td class="number">${rate(pace?.writeRate)}</td>
    <td class="number">${rate(pace?.applyRate)}</td>
    <td class="number">${span(pace?.etaSeconds)}</td>
    <td class="number">${bytes(status?.retainedBytes)}</td>
    <td class="number">${status === null ? 'not known' : room(status.safeWalBytes, status.walStatus)}</td>
    <td class="number">${status?.tables ?? 'not known'}</td>
    <td class="when">${proven(status, now)}</td>
    <td><bdi class="code">${slot}</bdi></td>
  </tr>`;
}

/** As beats tell: what was written later is not proven by them yet. */
function proven(status: StreamView['status'], now: number): string {
  if (status === null) return 'not known';
  if (status.provenUntil === null) return 'no beat arrived';
  const at = Date.parse(status.provenUntil);
  return now - at < HALF_A_DAY ? `${clock(at)} UTC` : moment(at);
}

/** The age of the oldest beat on its way where one is; else as the looks tell, of which one tells nothing. */
function behind(status: StreamView['status'], pace: StreamView['pace']): string {
  if (status?.lagSeconds != null) return span(status.lagSeconds);
  if (pace === null || pace.behindSeconds === null || (pace.atLeast && pace.behindSeconds === 0)) return 'not known';
  return `${pace.atLeast ? 'over ' : ''}${span(pace.behindSeconds)}`;
}

/** `max_slot_wal_keep_size` is what limits it. */
function room(safe: number | null, walStatus: string | null): string {
  if (walStatus === 'lost') return 'slot lost';
  if (walStatus === null) return 'no slot';
  return safe === null ? 'no limit' : bytes(safe);
}

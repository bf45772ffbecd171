import type { Point } from '../past/points';
import { spanOf } from './chart-scale';
import { html, type Html } from './html';
import type { PageView, StreamView } from './page-view';
import { bytes, clock } from './words';

const ROWS = 12;

/** The charts of one stream in words. */
export function chartTable({ past, now }: PageView, { slot, database }: StreamView): Html {
  const points = past.points(slot);
  const piece = spanOf(points, now) / ROWS;
  const rows = Array.from({ length: ROWS }, (_, index) => now - (index + 1) * piece);
  return html`<details id="table-${slot}">
    <summary>As a table</summary>
    <table>
      <caption>
        The most in each ${Math.round(piece / 60_000)} min,
        <bdi>${database}</bdi
        >, UTC, newest first
      </caption>
      <thead>
        <tr>
          <th scope="col">From</th>
          <th scope="col" class="number">To go</th>
          <th scope="col" class="number">WAL kept</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      <tbody>
        ${rows.map((from) =>
          row(
            from,
            points.filter(({ at }) => at >= from && at < from + piece),
          ),
        )}
      </tbody>
    </table>
  </details>`;
}

function row(from: number, points: readonly Point[]): Html {
  const most = (of: 'lag' | 'retained') => {
    const known = points.flatMap((point) => point[of] ?? []);
    return known.length === 0 ? null : Math.max(...known);
  };
  return html`<tr>
    <th scope="row">${clock(from).slice(0, 5)}</th>
    <td class="number">${bytes(most('lag'))}</td>
    <td class="number">${bytes(most('retained'))}</td>
    <td>${stateOf(points)}</td>
  </tr>`;
}

function stateOf(points: readonly Point[]): string {
  if (points.length === 0) return 'nobody looked';
  if (points.some(({ healthy }) => healthy === false)) return 'did not follow at all times';
  return points.some(({ healthy }) => healthy === null) ? 'not seen at all times' : 'followed whenever seen';
}

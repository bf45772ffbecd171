/** Of the page. Colours keep a contrast of 4.5 to 1 and more on their grounds, and never stand alone. */
export const PAGE_CSS = `
:root {
  color-scheme: light dark;
  --ground: #f5f6f8; --panel: #ffffff; --text: #1a2330; --muted: #566273; --line: #d8dde5;
  --accent: #1f55b5; --fill: #dbe6f8;
  --good: #14683a; --good-ground: #e3f3e9; --bad: #ae1f19; --bad-ground: #fcebe9;
  --idle: #7a5200; --idle-ground: #fbf1d9; --unknown: #566273; --unknown-ground: #ebeef2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f141b; --panel: #171d26; --text: #e4e9f0; --muted: #9ba8b9; --line: #2d3744;
    --accent: #8ab4f8; --fill: #1f3050;
    --good: #74d195; --good-ground: #15301f; --bad: #ff9d94; --bad-ground: #331b1b;
    --idle: #efc66f; --idle-ground: #33290f; --unknown: #a9b5c4; --unknown-ground: #252d38;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 78rem; padding: 1rem 1.25rem 2rem; background: var(--ground); color: var(--text);
  overflow-wrap: break-word;
  font: 14px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Open Sans', sans-serif; font-variant-numeric: tabular-nums;
}
header { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1rem; margin-bottom: 1rem; }
header p, header h1 { margin: 0; max-width: none; }
.product { flex-basis: 100%; color: var(--muted); font-size: 12px; letter-spacing: .04em; text-transform: uppercase; }
h1 { font-size: 1.5rem; font-weight: 600; }
h2 { margin: 0 0 .75rem; font-size: 1rem; font-weight: 600; }
h3 { margin: .75rem 0 .25rem; font-size: 14px; font-weight: 600; }
section {
  margin-bottom: 1rem; padding: 1rem 1.25rem; background: var(--panel); border: 1px solid var(--line); border-radius: 8px;
}
p { margin: .25rem 0; max-width: 100ch; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
main:focus { outline: none; }
.skip { position: absolute; left: -999px; }
.skip:focus { position: static; }
.pill { padding: .2rem .8rem; border-radius: 1rem; font-weight: 600; border: 1px solid currentColor; }
#stale { flex-basis: 100%; color: var(--bad); font-weight: 600; }
.stale main { filter: grayscale(1); }
.good { color: var(--good); } .bad { color: var(--bad); } .idle { color: var(--idle); } .unknown { color: var(--unknown); }
.pill.good, .mark.good { background: var(--good-ground); } .pill.bad, .mark.bad { background: var(--bad-ground); }
.pill.idle, .mark.idle { background: var(--idle-ground); }
.pill.unknown, .mark.unknown { background: var(--unknown-ground); }
.mark { padding: 0 .4rem; border-radius: 4px; font-weight: 600; }
.fresh, .legend { color: var(--muted); font-size: 13px; }
.finding { margin: .5rem 0; padding: .5rem .9rem; border-left: 4px solid; background: var(--unknown-ground); }
.finding.good { background: var(--good-ground); } .finding.bad { background: var(--bad-ground); }
.finding.idle { background: var(--idle-ground); }
.finding p, .finding pre { color: var(--text); overflow-wrap: anywhere; }
.finding h3 { margin: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; color: var(--muted); font-size: 13px; padding-bottom: .25rem; }
th, td { padding: .3rem .6rem; text-align: left; border-bottom: 1px solid var(--line); font-weight: 400; vertical-align: top; }
thead th { color: var(--muted); font-size: 12px; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; }
td:last-child { overflow-wrap: anywhere; }
.number { text-align: right; white-space: nowrap; }
.when { white-space: nowrap; }
.mark { white-space: nowrap; }
details table { max-width: 40rem; }
.code, code, pre { font: 12.5px/1.5 ui-monospace, 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; }
td .code { white-space: nowrap; }
pre { margin: 0; white-space: pre-wrap; overflow-wrap: anywhere; }
.copyable { display: flex; gap: .5rem; align-items: start; padding: .4rem .6rem; border: 1px solid var(--line); border-radius: 6px; background: var(--panel); }
.copyable pre { flex: 1; }
button { font: inherit; font-size: 12px; padding: .1rem .6rem; color: var(--accent); background: var(--panel); border: 1px solid var(--accent); border-radius: 4px; cursor: pointer; }
ol.changes { padding-left: 1.5rem; }
summary { cursor: pointer; }
details > summary { color: var(--accent); }
figure { margin: 0; min-width: 0; }
figcaption { color: var(--muted); font-size: 13px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--text); font-size: 14px; }
svg .small, svg .tick { fill: var(--muted); font-size: 12px; }
.picture { max-width: 62rem; margin: .75rem auto; }
.account { fill: var(--ground); stroke: var(--line); stroke-width: 1.5; }
.account.unseen { stroke: var(--unknown); stroke-dasharray: 5 4; }
.account-title { font-weight: 600; }
.database { font-weight: 600; }
svg .state { font-weight: 600; }
svg .state.good { fill: var(--good); } svg .state.bad { fill: var(--bad); }
svg .state.idle { fill: var(--idle); } svg .state.unknown { fill: var(--unknown); }
.wire { stroke-width: 2.5; }
.wire.good { stroke: var(--good); } .wire.bad { stroke: var(--bad); stroke-dasharray: 10 6; }
.wire.idle { stroke: var(--idle); stroke-dasharray: 2 6; } .wire.unknown { stroke: var(--unknown); stroke-dasharray: 2 6; }
.head.good { fill: var(--good); } .head.bad { fill: var(--bad); } .head.idle { fill: var(--idle); } .head.unknown { fill: var(--unknown); }
.grid { stroke: var(--line); }
.area { fill: var(--fill); }
.curve { fill: none; stroke: var(--accent); stroke-width: 1.8; stroke-linejoin: round; stroke-linecap: round; }
.strip.good { fill: var(--good); } .strip.bad { fill: var(--bad); }
.strip.unknown { fill: var(--panel); stroke: var(--unknown); }
footer { color: var(--muted); font-size: 13px; }
@media (max-width: 30rem) {
  body { padding: .75rem .5rem; }
  section { padding: .75rem; }
  th, td { padding: .3rem; }
}
`;

export const ICON_SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><path d="M1 8h12M9 4l4 4-4 4" fill="none" stroke="#1f55b5" stroke-width="2"/></svg>`;

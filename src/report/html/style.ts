/** The page's looks: light and dark by the reader's own setting, from 360 px to wide, and on A4. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fbfbfa;--panel:#fff;--ink:#1c2024;--dim:#5c6570;--line:#dfe2e6;--tick:#eceef0;
--good:#177245;--bad:#b3261e;--doubtful:#8a5300;--good-bg:#e3f3ea;--bad-bg:#fbe7e5;--doubtful-bg:#fbf0da;
--fault:#7b4fb5;--load:#2f6db3;--ramp:#9cc0e6;--window:#2f6db3;--window-bg:#dce9f7;--pending:#d99a2b;--firing:#d0342a;--baseline:#c9ced4;
--sent:#5c6570;--mark:#7b4fb5}
@media (prefers-color-scheme:dark){:root{--bg:#14171a;--panel:#1c2024;--ink:#e7eaed;--dim:#a0a9b3;--line:#343a41;--tick:#262b30;
--good:#5fd093;--bad:#ff8a80;--doubtful:#f0b860;--good-bg:#17352a;--bad-bg:#40201e;--doubtful-bg:#3a2d14;
--fault:#a98be0;--load:#6aa7e8;--ramp:#35567a;--window:#6aa7e8;--window-bg:#22364d;--pending:#d99a2b;--firing:#ef5a50;--baseline:#4a525b;--sent:#a0a9b3;--mark:#a98be0}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Noto Sans","Liberation Sans",sans-serif;overflow-wrap:anywhere}
header,main,footer{max-width:1120px;margin:0 auto;padding:0 20px}
header{padding-top:28px}
h1{font-size:26px;line-height:1.25;margin:2px 0 12px}
h2{font-size:17px;margin:0 0 10px}
h3{font-size:15px;margin:18px 0 4px}
.crumb{margin:0;color:var(--dim);font-size:13px}.crumb span{font-family:ui-monospace,Consolas,"Liberation Mono",monospace}
.verdict{display:flex;flex-wrap:wrap;align-items:baseline;gap:6px 14px;margin:0 0 10px}
.verdict strong{white-space:nowrap;font-size:18px;text-transform:uppercase;letter-spacing:.04em;padding:4px 12px;border-radius:6px}
.pass .verdict strong{background:var(--good-bg);color:var(--good)}
.fail .verdict strong{background:var(--bad-bg);color:var(--bad)}
.inconclusive .verdict strong{background:var(--doubtful-bg);color:var(--doubtful)}
.score{color:var(--dim)}.score b{font-size:30px;color:var(--ink);font-variant-numeric:tabular-nums}
.because{font-size:16px;margin:10px 0 16px}
.facts{display:flex;flex-wrap:wrap;gap:6px 28px;margin:0 0 20px}.facts dt{color:var(--dim);font-size:12px}.facts dd{margin:0}
section{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:18px 20px;margin:0 0 16px}
.note,.dim{color:var(--dim)}.note{margin:-6px 0 8px;font-size:13px}
.timeline .axis{margin-left:292px}
.timeline .row{display:grid;grid-template-columns:280px minmax(0,1fr);column-gap:12px;align-items:center;border-top:1px solid var(--line);padding:4px 0}
.timeline .name{font-size:13px;line-height:1.3}
.timeline .what{color:var(--dim);font-size:11px;text-transform:uppercase;letter-spacing:.03em;display:block}
.timeline svg{display:block;width:100%;overflow:visible}
.axis{position:relative;height:20px;font-size:12px;color:var(--dim)}.axis span{position:absolute;transform:translateX(-50%);white-space:nowrap}
.tick{stroke:var(--tick)}.zero{stroke:var(--dim);stroke-dasharray:2 2}
.bar.baseline{fill:var(--baseline)}.bar.fault{fill:var(--fault)}.bar.load{fill:var(--load)}.bar.ramp{fill:var(--ramp)}
.bar.window{fill:var(--window-bg);stroke:var(--window);stroke-width:1}.bar.pending{fill:var(--pending)}.bar.firing{fill:var(--firing)}.bar.team{fill:var(--good)}.bar.rest{fill:var(--tick)}
.todo{list-style:none;margin:0;padding:0}.todo li{display:grid;grid-template-columns:56px minmax(0,1fr);border-top:1px solid var(--line);padding:8px 0}.todo p{margin:0}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;margin:12px 0 0;font-size:12px;color:var(--dim)}
.legend li{display:flex;align-items:center;gap:6px}.legend svg{width:22px}
.scroll{overflow-x:auto}.scroll:focus-visible,pre:focus-visible,summary:focus-visible{outline:2px solid var(--window);outline-offset:2px}
table{border-collapse:collapse;width:100%;font-size:14px}
th,td{overflow-wrap:normal;text-align:left;padding:6px 14px 6px 0;border-bottom:1px solid var(--line);vertical-align:top}
thead th{color:var(--dim);font-weight:500;font-size:12px;white-space:nowrap}tbody th{font-weight:600;min-width:180px;overflow-wrap:anywhere}
.number{font-variant-numeric:tabular-nums;white-space:nowrap}
.reason{margin:2px 0 0;font-weight:400;color:var(--dim);font-size:13px}
.outcome{white-space:nowrap;padding:1px 8px;border-radius:10px;background:var(--doubtful-bg);color:var(--doubtful);font-size:13px}
.outcome.on-time{background:var(--good-bg);color:var(--good)}.outcome.missed,.outcome.early{background:var(--bad-bg);color:var(--bad)}
details{margin:6px 0 0;font-weight:400}summary{cursor:pointer;color:var(--dim);font-size:13px}
.terms{margin:4px 0 0;padding-left:18px;font-size:13px}
rect.delay,.key.delay{fill:var(--c);background:var(--c)}
.delay.first-bad-sample{--c:#8796a8}.delay.pending{--c:#d99a2b}.delay.firing{--c:#d0342a}.delay.received{--c:#2f9e8f}.delay.notified{--c:#2f6db3}.delay.resolved{--c:#3f9a5d}
.key{display:inline-block;width:10px;height:10px;border-radius:2px;margin-right:5px}
.settings{margin:12px 0 0;font-size:13px}.settings div{display:flex;gap:10px}.settings dt{flex:0 0 130px;color:var(--dim)}.settings dd{margin:0}
figure{margin:0 0 14px}figcaption{font-size:13px;color:var(--dim);margin-bottom:4px}
.chart{min-height:200px}.u-legend{font-size:12px}.u-legend th{font-weight:400;min-width:0;border:0;padding:0 4px}.u-legend td{border:0;padding:0 4px}
pre,code{font-family:ui-monospace,Consolas,"Liberation Mono",monospace;font-size:13px}
pre{background:var(--bg);border:1px solid var(--line);border-radius:6px;padding:12px;overflow-x:auto;margin:0}
footer{color:var(--dim);font-size:12px;padding-bottom:32px}a{color:var(--window)}
@media (max-width:720px){header,main,footer{padding-left:12px;padding-right:12px}section{padding:14px 12px}
.timeline .axis{margin-left:0}.timeline .row{display:block}.timeline .what{display:inline}
.settings div{display:block;margin-bottom:6px}th,td{padding-right:10px}}
@media print{@page{size:A4;margin:12mm}body{background:#fff;font-size:11px}section{break-inside:avoid;border-color:#ccc;padding:10px 12px}header,main,footer{max-width:none;padding-left:0;padding-right:0}
.timeline .axis{margin-left:202px}.timeline .row{grid-template-columns:190px minmax(0,1fr)}table{font-size:10px}th,td{padding-right:8px}tbody th{min-width:110px}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}.scroll{overflow:visible}}
`;

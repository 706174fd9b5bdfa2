import { type Html, html } from '../../report/html/markup.ts';
import { STYLE } from '../../report/html/style.ts';
import { CAUSES, SUSPECTS } from '../causes.ts';
import type { Role } from '../decide.ts';

/** A page before anything has been shown in it. It holds nothing of a day: who has no token learns nothing from it. */
export function shell(role: Role): string {
  const body = role === 'team' ? team() : facilitator();
  return `<!doctype html>\n${
    html`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>Game day, ${role}</title>
<link rel="stylesheet" href="/app.css"></head><body data-role="${role}">
<header><p class="crumb">chaos <span>game day</span></p><h1>Game day: ${role}</h1>
<p id="link" class="note" role="status">Connecting.</p><div id="clock"></div></header>
<main>${body}</main>
<noscript><p>This page needs a script.</p></noscript>
<script src="/app.js"></script></body></html>`.text
  }\n`;
}

const region = (title: string, id: string, live = false) =>
  html`<section><h2>${title}</h2><div id="${id}"${live ? html` aria-live="polite"` : ''}></div></section>`;

const SAID = html`<p id="said" class="said" role="status"></p>`;

function team(): Html {
  return html`<section><h2>What the team does</h2><div id="declared" aria-live="polite"></div>
<form data-do="declare"><fieldset disabled><label>What is seen <input name="note" maxlength="200" autocomplete="off"></label><button>Declare an incident</button></fieldset></form>
<form data-do="cause"><fieldset disabled><label>What is broken <select name="service">${SUSPECTS.map((one) => html`<option>${one}</option>`)}</select></label>
<label>How <select name="kind">${Object.entries(CAUSES).map(([kind, { says }]) => html`<option value="${kind}">${says}</option>`)}</select></label><button>Name the cause</button></fieldset></form>
<form data-do="resolve"><fieldset disabled><button>All is well again</button></fieldset></form>${SAID}<div id="hints" aria-live="polite"></div></section>
${region('Alerts', 'alerts', true)}${region('Score', 'board')}${region('What has happened', 'feed')}`;
}

function facilitator(): Html {
  const button = (name: string, says: string) =>
    html`<form data-do="${name}"><fieldset disabled><button>${says}</button></fieldset></form>`;
  return html`<section><h2>Now</h2><div id="now"></div><div class="buttons">${button('inject', 'Begin the next now')}${button('hint', 'Give the next hint')}${button('pause', 'Pause')}${button('continue', 'Go on')}</div>${SAID}
<details><summary>End the game day</summary><p>Everything is taken back, and the report is written.</p>${button('stop', 'End it')}</details></section>
${region('Schedule', 'entries')}<section><h2>What the team has open</h2><div id="declared"></div><div id="hints"></div></section>
${region('Alerts', 'alerts')}${region('Score, as the team sees it', 'board')}${region('What has happened', 'feed')}`;
}

/** The looks of the report, and what only these pages have. */
export const PAGE_STYLE = `${STYLE}
header{padding-bottom:4px}.clock{font-size:20px;margin:0 0 6px}.clock .dim{font-size:13px;display:inline-block;line-height:1.3}
form{margin:0 0 10px}fieldset{border:0;padding:0;margin:0;min-width:0;display:flex;flex-wrap:wrap;gap:8px 12px;align-items:end}
label{min-width:0;display:flex;flex-direction:column;font-size:13px;color:var(--dim);gap:2px;flex:1 1 200px;max-width:100%}
input,select,button{font:inherit;color:var(--ink);background:var(--bg);border:1px solid var(--dim);border-radius:6px;padding:8px 10px;min-width:0;max-width:100%}
button{cursor:pointer;background:var(--window-bg);border-color:var(--window);min-height:44px}button:disabled,fieldset:disabled button{cursor:default;color:var(--dim);background:var(--bg);border-color:var(--line)}
:focus-visible{outline:2px solid var(--window);outline-offset:2px}.said{min-height:1.5em;font-weight:600;margin:0 0 6px}
.buttons{display:flex;flex-wrap:wrap;gap:8px}.feed{list-style:none;padding:0;margin:0;font-size:14px}.feed li{padding:3px 0;border-bottom:1px solid var(--line);display:grid;grid-template-columns:70px 84px minmax(0,1fr)}.feed .outcome{justify-self:start;align-self:start}
.outcome.plain{background:var(--tick);color:var(--dim)}
@media (max-width:480px){.feed li{grid-template-columns:64px minmax(0,1fr)}.feed .said-so{grid-column:2}}
@media (min-width:1000px){main{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:0 16px}main>*{grid-column:1/-1}
[data-role=team] main>:nth-child(1),[data-role=facilitator] main>:nth-child(3){grid-column:1}[data-role=team] main>:nth-child(2),[data-role=facilitator] main>:nth-child(4){grid-column:2}}
tr[aria-current] th,tr[aria-current] td{background:var(--window-bg)}
`;

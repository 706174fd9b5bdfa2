/** The pages' program: keeps the token, follows what happens, and sends the forms. Nothing in it is put together from data. */
export const PROGRAM = `(function () {
  'use strict';
  var role = document.body.dataset.role;
  var key = 'chaos-gameday-' + role;
  // The token comes behind the #, which no server is sent, and does not stay in the address bar of a projected screen.
  var token = location.hash.slice(1) || sessionStorage.getItem(key) || '';
  if (location.hash) {
    sessionStorage.setItem(key, token);
    history.replaceState(null, '', location.pathname);
  }
  var headers = { authorization: 'Bearer ' + token };
  var shown = null, ahead = 0;
  function by(id) { return document.getElementById(id); }
  function link(text, bad) {
    if (by('link').textContent !== text) by('link').textContent = text;
    by('link').className = bad ? 'note bad' : 'note';
  }
  function pause(ms) { return new Promise(function (go) { setTimeout(go, ms); }); }
  function lasting(ms) {
    var s = Math.max(0, Math.floor(ms / 1000));
    var h = Math.floor(s / 3600), m = Math.floor((s % 3600) / 60);
    return (h ? h + 'h' : '') + (h || m ? m + 'm' : '') + (s % 60) + 's';
  }
  function tick() {
    if (!shown) return;
    var now = Date.now() + ahead;
    document.querySelectorAll('[data-since]').forEach(function (one) {
      one.textContent = lasting((now - Number(one.dataset.since)) * shown.speed);
    });
  }
  function show(next, now) {
    ahead = now - Date.now();
    var before = shown ? shown.regions : {};
    shown = next;
    Object.keys(next.regions).forEach(function (id) {
      if (before[id] !== next.regions[id] && by(id)) by(id).innerHTML = next.regions[id];
    });
    document.querySelectorAll('form[data-do]').forEach(function (form) {
      var off = !next.can[form.dataset.do];
      var fields = form.querySelector('fieldset');
      // A control that loses the focus by being switched off would leave the keyboard nowhere.
      if (off && form.contains(document.activeElement)) { by('said').tabIndex = -1; by('said').focus(); }
      fields.disabled = off;
    });
    tick();
  }
  async function follow() {
    for (;;) {
      try {
        var answer = await fetch('/live', { headers: headers, cache: 'no-store' });
        if (answer.status === 401) return link('Not let in: open the address that chaos gameday has printed.', true);
        if (!answer.ok) throw new Error(String(answer.status));
        var reader = answer.body.getReader(), decoder = new TextDecoder(), rest = '';
        for (;;) {
          var part = await reader.read();
          if (part.done) break;
          var events = (rest + decoder.decode(part.value, { stream: true })).split('\\n\\n');
          rest = events.pop();
          events.forEach(function (event) {
            if (!event.startsWith('data: ')) return;
            var told = JSON.parse(event.slice(6));
            if (told.shown.role !== role) throw new Error('role');
            link('Connected.');
            show(told.shown, told.now);
          });
          if (shown && shown.over) return link('The game day is over.');
        }
      } catch (error) {
        if (error.message === 'role') return link('This address is for the other page.', true);
      }
      link('The connection is lost; trying again.', true);
      await pause(1000);
    }
  }
  document.addEventListener('submit', async function (event) {
    event.preventDefault();
    var form = event.target, asked = { do: form.dataset.do };
    new FormData(form).forEach(function (value, name) { asked[name] = value; });
    by('said').textContent = '';
    try {
      var answer = await fetch('/do', {
        method: 'POST',
        headers: Object.assign({ 'content-type': 'application/json' }, headers),
        body: JSON.stringify(asked),
      });
      var told = await answer.json();
      by('said').textContent = told.said;
      if (answer.ok && asked.do === 'declare') form.reset();
    } catch (error) {
      by('said').textContent = 'Not sent: the connection is lost. Try again.';
    }
  });
  setInterval(tick, 1000);
  follow();
})();
`;

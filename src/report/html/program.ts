/**
 * What the page itself runs, beside uPlot: draws each chart from the JSON beside it, in the colours of the reader's
 * setting, with the stretches of faults behind the lines. It asks for nothing.
 */
export const PROGRAM = `
(function () {
  'use strict';
  var holders = document.querySelectorAll('.chart');
  var drawn = [];
  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim(); }
  function duration(seconds) {
    var sign = seconds < 0 ? '-' : '', left = Math.round(Math.abs(seconds));
    if (left < 60) return sign + left + 's';
    var h = Math.floor(left / 3600), m = Math.floor(left / 60) % 60, s = left % 60;
    return sign + (h ? h + 'h' : '') + (m ? m + 'm' : '') + (s ? s + 's' : '');
  }
  function draw(holder) {
    var chart = JSON.parse(holder.querySelector('script').textContent);
    var dim = colour('dim'), line = colour('tick');
    var axis = { stroke: dim, grid: { stroke: line, width: 1 }, ticks: { stroke: line }, font: '11px system-ui, sans-serif' };
    var plot = new uPlot({
      width: holder.clientWidth, height: 190,
      scales: { x: { time: false }, y: { range: function (u, min, max) { return [0, max > 0 ? max * 1.05 : 1]; } } },
      axes: [
        Object.assign({ values: function (u, all) { return all.map(duration); } }, axis),
        Object.assign({ size: 62, values: function (u, all) { return all.map(function (v) { return v + ' ' + chart.unit; }); } }, axis)
      ],
      series: [{ label: 'at', value: function (u, v) { return v == null ? '' : duration(v); } }].concat(chart.series.map(function (one) {
        return { label: one.label, stroke: colour(one.tone), width: 1.5, points: { show: false }, value: function (u, v) { return v == null ? '' : v + ' ' + chart.unit; } };
      })),
      hooks: { drawClear: [function (u) {
        u.ctx.save();
        u.ctx.fillStyle = colour('fault');
        u.ctx.globalAlpha = 0.14;
        chart.faults.forEach(function (fault) {
          var left = Math.max(u.valToPos(fault[0], 'x', true), u.bbox.left);
          var right = Math.min(u.valToPos(fault[1], 'x', true), u.bbox.left + u.bbox.width);
          if (right > left) u.ctx.fillRect(left, u.bbox.top, right - left, u.bbox.height);
        });
        u.ctx.restore();
      }] }
    }, chart.columns, holder);
    drawn.push({ holder: holder, plot: plot });
  }
  function all() {
    drawn.forEach(function (one) { one.plot.destroy(); });
    drawn = [];
    holders.forEach(draw);
  }
  all();
  window.addEventListener('resize', function () {
    drawn.forEach(function (one) { one.plot.setSize({ width: one.holder.clientWidth, height: 190 }); });
  });
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', all);
  window.addEventListener('beforeprint', function () {
    document.querySelectorAll('details').forEach(function (one) { if (one.querySelector('.terms')) one.open = true; });
  });
})();
`;

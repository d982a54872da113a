// Draws the table of a demo as the picture of the README: node examples/draw-scores.mjs plastron-out/scores.json examples/scores.svg
import { readFileSync, writeFileSync } from 'node:fs';
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const [input, output] = process.argv.slice(2);
const rows = JSON.parse(readFileSync(input, 'utf8'));
const conditions = ['seen', 'unseen', 'weights zeroed'];
const bars = rows.flatMap(({ name, seen, unseen, injured }) =>
  [seen.mean, unseen.mean, injured].map((score, i) => ({
    name,
    condition: conditions[i],
    score,
  })),
);
const { document } = parseHTML('<html><body></body></html>');
const plot = Plot.plot({
  document,
  width: 900,
  height: 70 + 62 * rows.length,
  marginLeft: 265,
  marginRight: 110,
  marginBottom: 40,
  style: { fontSize: '13px', background: 'white', color: '#1b1b1b' },
  x: { label: 'mean score per episode', grid: true },
  y: { label: null, domain: conditions, axis: null },
  fy: { label: null, domain: rows.map((r) => r.name), axis: 'left' },
  color: { domain: conditions, range: ['#2b5d8a', '#6ea3c9', '#d08a3e'], legend: false },
  marks: [
    Plot.barX(bars, { fy: 'name', y: 'condition', x: 'score', fill: 'condition', insetTop: 1 }),
    Plot.text(bars, {
      fy: 'name',
      y: 'condition',
      x: (d) => Math.max(0, d.score),
      text: (d) => `${d.score.toFixed(1)}  ${d.condition}`,
      textAnchor: 'start',
      dx: 4,
      fontSize: 11,
    }),
    Plot.ruleX([0]),
  ],
});
plot.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
writeFileSync(output, `${plot.outerHTML}\n`);

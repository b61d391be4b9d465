/** What the page costs: seconds of script, style, layout and paint per second of pictures. `node fake/paint.mjs [scene]`. */
import { browser, open } from "./shoot.mjs";
import { serve } from "./serve.mjs";

const scene = process.argv[2] ?? "quiet";
const server = await serve({ scene });
const chrome = await browser();
const { page } = await open(chrome, server.port, { scene, language: "en", size: { width: 1440, height: 900 } });
await page.goto(`http://127.0.0.1:${server.port}/?token=${scene}`);
await page.waitForTimeout(3000);
const cdp = await page.context().newCDPSession(page);
await cdp.send("Performance.enable");
const read = async () => Object.fromEntries((await cdp.send("Performance.getMetrics")).metrics.map((m) => [m.name, m.value]));
const frames = () => page.evaluate(() => new Promise((done) => {
  let n = 0;
  const gaps = [];
  let last = performance.now();
  const end = last + 10000;
  const step = (now) => {
    n++;
    gaps.push(now - last);
    last = now;
    now < end ? requestAnimationFrame(step) : done({ n, worst: Math.max(...gaps), p95: gaps.sort((a, b) => a - b)[Math.floor(gaps.length * 0.95)] });
  };
  requestAnimationFrame(step);
}));
const before = await read();
const seen = await frames();
const after = await read();
const span = after.Timestamp - before.Timestamp;
const part = (name) => `${((100 * (after[name] - before[name])) / span).toFixed(1)} %`;
console.log(JSON.stringify({ scene, seconds: span.toFixed(1), task: part("TaskDuration"), script: part("ScriptDuration"), style: part("RecalcStyleDuration"), layout: part("LayoutDuration"), nodes: after.Nodes, heap_mb: (after.JSHeapUsedSize / 1e6).toFixed(1), frames_per_s: (seen.n / 10).toFixed(1), frame_gap_p95_ms: seen.p95.toFixed(1), frame_gap_worst_ms: seen.worst.toFixed(0) }));
await chrome.close();
await server.close();

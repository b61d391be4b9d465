/** Checks that run inside the page: each is one function without outside names. */

/** Texts whose boxes cross, and texts that leave the page. Texts clipped by their own frame are cut to it first. */
export function crossings() {
  const leaf = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
  const seen = (e) => {
    const style = getComputedStyle(e);
    return style.visibility !== "hidden" && style.display !== "none" && e.getClientRects().length > 0;
  };
  const clip = (e) => {
    let box = { x: -1e9, y: -1e9, X: 1e9, Y: 1e9 };
    for (let up = e; up; up = up.parentElement) {
      if (up === document.documentElement || up === document.body) break;
      const path = up.getAttribute("clip-path");
      const frame = path ? document.querySelector(path.slice(4, -1))?.firstElementChild?.getBoundingClientRect() : null;
      const style = getComputedStyle(up);
      const hides = style.overflowX !== "visible" || style.overflowY !== "visible";
      const r = path && up.ownerSVGElement ? svgBox(up, path) : hides ? up.getBoundingClientRect() : frame && frame.width ? frame : null;
      if (r) box = { x: Math.max(box.x, r.left), y: Math.max(box.y, r.top), X: Math.min(box.X, r.right), Y: Math.min(box.Y, r.bottom) };
    }
    return box;
  };
  const svgBox = (g, path) => {
    const rect = g.ownerSVGElement.querySelector(`${path.slice(4, -1)} rect`);
    if (!rect) return null;
    const m = g.getScreenCTM();
    const [x, y, w, h] = ["x", "y", "width", "height"].map((k) => Number(rect.getAttribute(k)));
    return { left: m.a * x + m.e, top: m.d * y + m.f, right: m.a * (x + w) + m.e, bottom: m.d * (y + h) + m.f };
  };
  const drawer = document.querySelector("sr-pages[open]");
  const over = drawer?.getBoundingClientRect();
  const covered = (e, r) => over && !drawer.contains(e) && r.left >= over.left - 1 && r.right <= over.right + 1 && r.top >= over.top - 1 && r.bottom <= over.bottom + 1;
  const boxes = [];
  for (const e of document.querySelectorAll("body *")) {
    if (!leaf(e) || !seen(e) || e.closest("option, select, title, .halo") || e.matches("script, style, title")) continue;
    const range = document.createRange();
    range.selectNodeContents(e);
    const rects = e.ownerSVGElement ? [e.getBoundingClientRect()] : [...range.getClientRects()].filter((r) => r.width > 0);
    const c = clip(e);
    for (const r of rects) {
      if (covered(e, r)) continue;
      const b = { x: Math.max(r.left, c.x), X: Math.min(r.right, c.X), y: Math.max(r.top + r.height * 0.2, c.y), Y: Math.min(r.bottom - r.height * 0.2, c.Y), s: e.textContent.trim().replace(/\s+/g, " ").slice(0, 30), e };
      if (b.X > b.x && b.Y > b.y) boxes.push(b);
    }
  }
  const overlaps = [];
  for (let i = 0; i < boxes.length; i++)
    for (let j = i + 1; j < boxes.length; j++) {
      const a = boxes[i];
      const b = boxes[j];
      if (a.e === b.e || a.e.contains(b.e) || b.e.contains(a.e)) continue;
      if (a.e.closest("sr-map, sr-profile, sr-editor") || b.e.closest("sr-map, sr-profile, sr-editor")) continue;
      const w = Math.min(a.X, b.X) - Math.max(a.x, b.x);
      const h = Math.min(a.Y, b.Y) - Math.max(a.y, b.y);
      if (w > 1 && h > 1) overlaps.push(`${a.s} # ${b.s}`);
    }
  const off = boxes.filter((b) => b.X > innerWidth + 1 || b.x < -1).map((b) => b.s);
  return { count: boxes.length, overlaps, off };
}

/** Elements with an amber or red colour that is really drawn: hue within 60 degrees of red to yellow, saturated, bright. */
export function lit() {
  const hot = (colour) => {
    const m = /rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?/.exec(colour);
    if (!m || m[4] === "0") return false;
    const [r, g, b] = m.slice(1, 4).map(Number);
    const most = Math.max(r, g, b);
    const least = Math.min(r, g, b);
    return r === most && g >= b && most > 130 && (most - least) / most > 0.45;
  };
  const found = [];
  for (const e of document.querySelectorAll("body *")) {
    if (!e.getClientRects().length || e.closest("defs")) continue;
    const style = getComputedStyle(e);
    const shape = e.ownerSVGElement && e.tagName !== "g";
    const words = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    const used = [words && !shape ? style.color : "", style.backgroundColor, shape ? style.fill : "", shape ? style.stroke : "", parseFloat(style.borderTopWidth) > 0 ? style.borderTopColor : ""];
    if (used.some(hot)) found.push(`${e.tagName.toLowerCase()}.${e.getAttribute("class") ?? ""} ${e.textContent.trim().slice(0, 20)}`);
    if (shape && /fd-(near|past)/.test(e.getAttribute("fill") ?? "")) found.push("a lit limit");
  }
  return found;
}

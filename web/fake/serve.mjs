/**
 * A fake station for work on the front end: `node fake/serve.mjs [--port 8099] [--scene day] [--language en] [--role pilot]`.
 * The page may ask for another scene by its token: `?token=alarm.tr.instructor`. Serves the built page.
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { encode } from "@msgpack/msgpack";
import { SCENES, fields, hello, parameters, picture, prediction, profile, routes, strip, NOW_S } from "./day.mjs";
import { accept, offered } from "./socket.mjs";

const PAGE = fileURLToPath(new URL("../../src/samruk/station/page/", import.meta.url));
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".json": "application/json", ".bin": "application/octet-stream", ".txt": "text/plain" };

/** Start it; the result has its port and a way to end it. */
export async function serve({ port = 0, scene = "day", language = "en", role = "pilot", frozen = false } = {}) {
  const server = createServer((request, response) => void file(request, response));
  const sockets = new Set();
  server.on("upgrade", (request, socket) => {
    const token = offered(request).find((one) => one.startsWith("token."))?.slice(6) ?? "";
    sockets.add(socket);
    seat(request, socket, { scene, language, role, frozen, ...wishes(token) }, () => sockets.delete(socket));
  });
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  return { port: server.address().port, close: () => (sockets.forEach((s) => s.destroy()), new Promise((done) => server.close(done))) };
}

function wishes(token) {
  const parts = token.split(".");
  const found = {};
  for (const part of parts) {
    if (SCENES.includes(part)) found.scene = part;
    if (part === "en" || part === "tr") found.language = part;
    if (["pilot", "instructor", "observer"].includes(part)) found.role = part;
    if (part === "frozen") found.frozen = true;
  }
  return found;
}

async function file(request, response) {
  const path = normalize(new URL(request.url, "http://x").pathname).replace(/^(\.\.[/\\])+/, "");
  if (path === "/catalogue.json") return void response.writeHead(200, { "content-type": "application/json" }).end("{}");
  const name = path === "/" ? "index.html" : path;
  try {
    const body = await readFile(join(PAGE, name));
    response.writeHead(200, { "content-type": TYPES[extname(name)] ?? "application/octet-stream" }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

/** One browser at the seat. */
function seat(request, socket, wish, gone) {
  const state = { seen: new Set(), pending: new Map(), ticked: new Set(), accepted: new Set(), holders: new Map(), targets: {}, offers: true, replay: null, started: Date.now(), n: 0 };
  const tell = (message) => send(encode(message));
  const send = accept(request, socket, (text) => hear(JSON.parse(text), state, tell), () => {
    clearInterval(beat);
    gone();
  });
  tell(hello(wish.role, wish.language));
  tell(fields());
  for (const sysid of [1, 2, 3]) [strip(sysid, NOW_S + 127), prediction(sysid), profile(sysid), ...routes(sysid)].forEach(tell);
  const beat = setInterval(() => tell(moment(wish, state)), 100);
}

function moment(wish, state) {
  const wall_ms = Date.now();
  const t = wish.frozen ? 0 : (wall_ms - state.started) / 1000;
  const p = picture(wish.scene, t, { n: ++state.n, wall_ms, language: wish.language, role: wish.role });
  for (const alarm of p.alarms) if (state.seen.has(alarm.id)) alarm.acknowledged = true;
  for (const list of p.checklists) for (const item of list.items) if (state.ticked.has(`${list.id}:${item.id}`)) Object.assign(item, { done: true, by: "crew" });
  p.offers = state.offers ? p.offers : [];
  for (const offer of p.offers) for (const one of offer.differences) one.accepted = state.accepted.has(one.index);
  for (const a of p.aircraft) command(a, state);
  p.pending = [...state.pending.values()].map((one) => walk(one, wall_ms));
  p.replaying = state.replay !== null;
  return p;
}

function command(a, state) {
  const holder = state.holders.get(a.sysid);
  if (holder !== undefined) Object.assign(a.holder, { loi4: holder });
  a.mine = a.holder.loi4 === 241;
  Object.assign(a.target, state.targets[a.sysid] ?? {});
}

/** Requested, accepted after 0.5 s, done after 1.5 s; an odd height is refused. */
function walk(one, now) {
  const age = (now - one.asked_ms) / 1000;
  const refused = one.kind === "altitude" && one.altitude > 9000;
  const state = age < 0.5 ? "requested" : refused ? "refused" : age < 1.5 ? "accepted" : "done";
  return { id: one.id, sysid: one.sysid, kind: one.kind, words: "", state, reason: state === "refused" ? "above the ceiling, 9 000 m" : "", asked_ms: one.asked_ms, changed_ms: now, tries: 1, progress: null };
}

const HEARD = {
  command(asked, state) {
    state.pending.set(asked.id, { ...asked, asked_ms: Date.now() });
    const target = (state.targets[asked.sysid] ??= {});
    for (const key of ["altitude", "airspeed", "heading"]) if (typeof asked[key] === "number" && asked[key] < 9000) target[key] = asked[key];
  },
  acknowledge: (asked, state) => state.seen.add(asked.alarm),
  tick: (asked, state) => state.ticked[asked.done === false ? "delete" : "add"](`${asked.checklist}:${asked.item}`),
  accept_difference(asked, state) {
    state.accepted.add(asked.index);
    if (state.accepted.size < 2) return;
    state.holders.set(asked.sysid, 241); // the other station gives as soon as nothing differs
    state.offers = false;
  },
  authority(asked, state) {
    if (asked.step === "take_offer" || (asked.step === "override" && asked.confirmed) || asked.step === "request") state.holders.set(asked.sysid, 241);
    if (asked.step === "release") state.holders.set(asked.sysid, 0);
    if (asked.step === "take_offer" || asked.step === "cancel") state.offers = false;
  },
  get_parameters: (asked, state, tell) => tell(parameters(asked.sysid)),
  select: (asked, state, tell) => [strip(asked.sysid, NOW_S + 127), prediction(asked.sysid), profile(asked.sysid)].forEach(tell),
  set_replay(asked, state, tell) {
    const end_ms = Date.now();
    state.replay = asked.on ? { t: "replay", on: true, start_ms: end_ms - 3600e3, end_ms, at_ms: asked.at_ms ?? end_ms - 1800e3, rate: asked.rate ?? 1, marks: [[end_ms - 3000e3, "command", "take_off"], [end_ms - 1200e3, "alarm", "ice"]] } : null;
    tell(state.replay ?? { t: "replay", on: false, start_ms: 0, end_ms: 0, at_ms: 0, rate: 1, marks: [] });
  },
};

function hear(asked, state, tell) {
  HEARD[asked.t]?.(asked, state, tell);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { port: { type: "string", default: "8099" }, scene: { type: "string", default: "day" }, language: { type: "string", default: "en" }, role: { type: "string", default: "pilot" } } });
  const one = await serve({ ...values, port: Number(values.port) });
  console.log(`http://127.0.0.1:${one.port}/`);
}

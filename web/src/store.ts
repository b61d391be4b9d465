/**
 * The newest picture and what else the server said; one WebSocket that comes back by itself.
 *
 * Panels ask to be told at their own rate; a panel that is told seldom misses pictures, never gets them late. Nothing here
 * changes what is shown because a command was clicked: the screen changes when the server says so.
 */
import { decode } from "@msgpack/msgpack";
import type { Aircraft, Asked, Command, CommandState, Ground, Kind, Picture, Refusal, Route, ServerMessage, ServerMessageOf } from "./wire";

/** A message that asks for something and hears of it by its id. */
type Answered = Exclude<Extract<Asked, { id: string }>, Command>;
/** `Answered` before it has its id. */
type Asking<T> = T extends unknown ? Omit<T, "id"> : never;

export type LinkToServer = "connecting" | "open" | "gone";
type Told = () => void;
type Hearer<T extends ServerMessage["t"]> = (message: ServerMessageOf<T>) => void;

/** What the store needs of a WebSocket; tests bring their own. */
export interface Socket {
  binaryType: string;
  onopen: ((event: never) => unknown) | null;
  onclose: ((event: never) => unknown) | null;
  onerror: ((event: never) => unknown) | null;
  onmessage: ((event: { data: unknown }) => unknown) | null;
  send(data: string): void;
  close(): void;
  readonly readyState: number;
}

export interface Surroundings {
  connect(url: string, protocols: readonly string[]): Socket;
  now(): number;
  later(run: () => void, ms: number): unknown;
  cancel(handle: unknown): void;
}

const BROWSER: Surroundings = {
  connect: (url, protocols) => new WebSocket(url, [...protocols]) as unknown as Socket,
  now: () => performance.now(),
  later: (run, ms) => setTimeout(run, ms),
  cancel: (handle) => clearTimeout(handle as number),
};

/** First wait before connecting again, and the longest: within 5 s the page is back [ms]. */
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 2000;
/** No word from the server for so long: take the socket for dead and open another [ms]. */
const SILENCE_MS = 4000;

interface Subscription {
  told: Told;
  period_ms: number;
  last_ms: number;
  waiting: unknown;
}

export class Store {
  picture: Picture | null = null;
  /** When the newest picture came, on the browser's clock [ms]. */
  received_ms = -Infinity;
  link: LinkToServer = "connecting";
  /** Last message of each kind that is not per aircraft. */
  readonly last = new Map<ServerMessage["t"], ServerMessage>();
  /** Last message of each kind per aircraft, by `kind:sysid`; routes by `route:kind:sysid`. */
  readonly perAircraft = new Map<string, ServerMessage>();
  readonly commands = new Map<string, CommandState>();
  /** Every tile of relief that the server told of since its greeting, in its order: the first that has a place holds there. */
  grounds: readonly Ground[] = [];
  /** Rises with every route, field or ground message: cheap to compare. */
  scenery = 0;

  private socket: Socket | null = null;
  private url = "";
  private protocols: readonly string[] = [];
  private greeted = false;
  private wait_ms = FIRST_WAIT_MS;
  private reconnecting: unknown = null;
  private watching: unknown = null;
  private heard_ms = 0;
  private count = 0;
  private readonly session = Math.random().toString(36).slice(2, 8);
  private readonly subscriptions = new Set<Subscription>();
  private readonly hearers = new Map<string, Set<(message: never) => void>>();
  private chosen: number | null = null;

  constructor(private readonly around: Surroundings = BROWSER) {}

  /** Open the socket and keep it open. */
  open(url: string, protocols: readonly string[] = []): void {
    this.url = url;
    this.protocols = protocols;
    this.connect();
  }

  close(): void {
    this.url = "";
    this.around.cancel(this.reconnecting);
    this.around.cancel(this.watching);
    this.drop();
  }

  /** Called at most `hz` times a second, and at once when the link or the selection changes. The result ends it. */
  subscribe(told: Told, hz = 10): () => void {
    const one: Subscription = { told, period_ms: 1000 / hz, last_ms: -Infinity, waiting: null };
    this.subscriptions.add(one);
    return () => {
      this.around.cancel(one.waiting);
      this.subscriptions.delete(one);
    };
  }

  /** Hear every message of a kind. The result ends it. */
  on<T extends ServerMessage["t"]>(kind: T, hearer: Hearer<T>): () => void {
    const set = this.hearers.get(kind) ?? new Set();
    this.hearers.set(kind, set);
    set.add(hearer as (message: never) => void);
    return () => set.delete(hearer as (message: never) => void);
  }

  /** Age of the newest picture [s]; infinite before the first. */
  get pictureAge(): number {
    return (this.around.now() - this.received_ms) / 1000;
  }

  /** A value's age now: its age in the picture plus the picture's own [s]. */
  ageOf(age: number | null | undefined): number | null {
    return typeof age === "number" ? age + Math.max(0, this.pictureAge) : null;
  }

  get seat(): number | null {
    return this.picture?.seat.sysid ?? null;
  }

  /** The aircraft that the panels show: the one chosen, else the first this seat holds, else the first. */
  get selected(): number | null {
    const all = this.picture?.aircraft ?? [];
    if (all.some((one) => one.sysid === this.chosen)) return this.chosen;
    return (all.find((one) => this.holds(one.sysid)) ?? all[0])?.sysid ?? null;
  }

  /** Look at another aircraft; the server then sends its strip, profile and prediction. */
  select(sysid: number): void {
    this.chosen = sysid;
    this.send({ t: "select", sysid });
    this.tellAll(true);
  }

  aircraft(sysid: number | null = this.selected): Aircraft | null {
    return this.picture?.aircraft.find((one) => one.sysid === sysid) ?? null;
  }

  /** Does this seat command the aircraft (level 4)? */
  holds(sysid: number | null): boolean {
    const one = this.picture?.aircraft.find((other) => other.sysid === sysid);
    return one !== undefined && one.holder.loi4 !== null && one.holder.loi4 === this.seat;
  }

  route(sysid: number | null, kind: Kind): Route | null {
    return (this.perAircraft.get(`route:${kind}:${sysid}`) as Route | undefined) ?? null;
  }

  /** The last message of a kind for an aircraft, or for all. */
  latest<T extends ServerMessage["t"]>(kind: T, sysid?: number | null): ServerMessageOf<T> | null {
    const found = sysid === undefined ? this.last.get(kind) : this.perAircraft.get(`${kind}:${sysid}`);
    return (found as ServerMessageOf<T> | undefined) ?? null;
  }

  /** Send one message; false where there is no link: nothing is ever kept for later. */
  send(asked: Asked): boolean {
    if (this.link !== "open" || !this.socket) return false;
    this.socket.send(JSON.stringify(asked));
    return true;
  }

  /** Command an aircraft; the result is the id under which `commands` tells how it goes. */
  command(sysid: number, kind: string, body: Partial<Command> = {}): string {
    const id = this.newId();
    this.dispatch({ ...body, t: "command", id, sysid, kind }, kind);
    return id;
  }

  /** As `command` for the other messages that are answered by their id (upload, check, download, authority ...). */
  ask(message: Asking<Answered>): string {
    const id = this.newId();
    this.dispatch({ ...message, id } as Answered, message.t);
    return id;
  }

  private newId(): string {
    return `${this.session}-${++this.count}`;
  }

  private dispatch(message: Extract<Asked, { id: string }>, kind: string): void {
    const sent = this.send(message);
    if (message.t === "check") return;
    const now_ms = Date.now();
    this.note({
      id: message.id, sysid: message.sysid, kind, words: "", state: sent ? "requested" : "refused",
      reason: sent ? "" : "no_server", asked_ms: now_ms, changed_ms: now_ms, tries: 0, progress: null,
    });
  }

  /** Feed one message as if it had come from the server (replay, tests). */
  take(message: ServerMessage): void {
    if (message.t === "picture") this.takePicture(message);
    else this.keep(message);
    if (message.t === "refusal") this.refused(message);
    if (message.t === "hello" && this.chosen !== null) this.send({ t: "select", sysid: this.chosen });
    this.hearers.get(message.t)?.forEach((hearer) => hearer(message as never));
  }

  private takePicture(picture: Picture): void {
    const last = this.picture;
    const looksBack = picture.replaying || last?.replaying; // a replay goes back in time, and comes forward again
    if (last !== null && !looksBack && picture.n <= last.n && picture.wall_ms < last.wall_ms) return;
    this.picture = picture;
    this.received_ms = this.around.now();
    for (const state of picture.pending) this.commands.set(state.id, state);
    this.tellAll();
  }

  private keep(message: Exclude<ServerMessage, Picture>): void {
    this.last.set(message.t, message);
    const sysid = (message as { sysid?: number }).sysid;
    if (message.t === "route") this.perAircraft.set(`route:${message.kind}:${message.sysid}`, message);
    else if (sysid !== undefined) this.perAircraft.set(`${message.t}:${sysid}`, message);
    if (message.t === "hello") this.greeted = true;
    if (message.t === "ground") this.keepGround(message);
    if (message.t !== "check" && message.t !== "journal") this.scenery++;
    this.tellAll();
  }

  /** Tiles come one after another behind each greeting; those of an earlier one hold until the new come. */
  private keepGround(tile: Ground): void {
    this.grounds = this.greeted ? [tile] : [...this.grounds.filter((one) => one.url !== tile.url), tile];
    this.greeted = false;
  }

  private refused(message: Refusal): void {
    const asked = message.id === null ? undefined : this.commands.get(message.id);
    if (asked) this.note({ ...asked, state: "refused", reason: message.words });
  }

  private note(state: CommandState): void {
    const before = this.commands.get(state.id);
    this.commands.set(state.id, { ...before, ...state });
    if (this.commands.size > 200) this.commands.delete(this.commands.keys().next().value as string);
    this.tellAll();
  }

  private tellAll(atOnce = false): void {
    for (const one of this.subscriptions) this.tell(one, atOnce);
  }

  private tell(one: Subscription, atOnce: boolean): void {
    const due_ms = one.last_ms + one.period_ms - this.around.now();
    if (atOnce || due_ms <= 1) {
      this.around.cancel(one.waiting);
      one.waiting = null;
      one.last_ms = this.around.now();
      one.told();
    } else if (one.waiting === null) {
      one.waiting = this.around.later(() => {
        one.waiting = null;
        this.tell(one, true);
      }, due_ms);
    }
  }

  private connect(): void {
    this.drop();
    if (!this.url) return;
    const socket = this.around.connect(this.url, this.protocols);
    this.socket = socket;
    this.heard_ms = this.around.now();
    socket.binaryType = "arraybuffer";
    socket.onopen = () => this.opened();
    socket.onmessage = (event) => this.heard(event.data);
    socket.onclose = () => this.lost(socket);
    socket.onerror = () => this.lost(socket);
    this.watch();
  }

  private opened(): void {
    this.wait_ms = FIRST_WAIT_MS;
    this.heard_ms = this.around.now();
    this.setLink("open");
  }

  private heard(data: unknown): void {
    this.heard_ms = this.around.now();
    const message = readMessage(data);
    if (message !== null) this.take(message);
  }

  private lost(socket: Socket): void {
    if (socket !== this.socket) return;
    this.drop();
    this.setLink("gone");
    this.around.cancel(this.reconnecting);
    this.reconnecting = this.around.later(() => this.connect(), this.wait_ms);
    this.wait_ms = Math.min(LONGEST_WAIT_MS, this.wait_ms * 2);
  }

  private watch(): void {
    this.around.cancel(this.watching);
    this.watching = this.around.later(() => {
      const socket = this.socket;
      if (socket && this.around.now() - this.heard_ms > SILENCE_MS) this.lost(socket);
      else if (socket) this.watch();
    }, 1000);
  }

  private drop(): void {
    const socket = this.socket;
    this.socket = null;
    if (!socket) return;
    socket.onopen = socket.onclose = socket.onerror = socket.onmessage = null;
    socket.close();
  }

  private setLink(link: LinkToServer): void {
    if (link !== "open") this.forgetOpenCommands();
    this.link = link;
    this.tellAll(true);
  }

  /** With the socket gone nobody will answer: say so instead of waiting for ever. */
  private forgetOpenCommands(): void {
    for (const [id, state] of this.commands) {
      if (state.state === "requested") this.commands.set(id, { ...state, state: "timeout", reason: "no_server" });
    }
  }
}

/** One message from its bytes, null when it is none of ours. */
export function readMessage(data: unknown): ServerMessage | null {
  try {
    const value: unknown = typeof data === "string" ? JSON.parse(data) : decode(new Uint8Array(data as ArrayBuffer));
    const kind = (value as { t?: unknown } | null)?.t;
    return typeof kind === "string" ? (value as ServerMessage) : null;
  } catch {
    return null;
  }
}

/** The page's own store. */
export const store = new Store();

/** What may stand in a list of subprotocols (RFC 9110, 5.6.2). */
const PLAIN = /^[\w!#$%&'*+.^`|~-]+$/;

export interface Live {
  readonly url: string;
  readonly protocols: readonly string[];
}

/**
 * The socket's address beside the page, and the seat's token from the page's address among the subprotocols, where no log
 * sees it. Only a token with characters that may not stand there goes in the query.
 */
export function liveAddress(location: Pick<Location, "protocol" | "host" | "pathname" | "search" | "hash">): Live {
  const token = new URLSearchParams(location.search).get("token") ?? new URLSearchParams(location.hash.slice(1)).get("token");
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const url = `${scheme}//${location.host}${location.pathname.replace(/[^/]*$/, "")}live`;
  if (!token) return { url, protocols: [] };
  if (PLAIN.test(token)) return { url, protocols: ["samruk", `token.${token}`] };
  return { url: `${url}?token=${encodeURIComponent(token)}`, protocols: [] };
}

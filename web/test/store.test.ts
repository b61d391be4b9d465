import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { liveAddress, Store, type Socket, type Surroundings } from "../src/store";
import type { Picture } from "../src/wire";

class FakeSocket implements Socket {
  binaryType = "";
  onopen: ((event: never) => unknown) | null = null;
  onclose: ((event: never) => unknown) | null = null;
  onerror: ((event: never) => unknown) | null = null;
  onmessage: ((event: { data: unknown }) => unknown) | null = null;
  readyState = 0;
  readonly sent: string[] = [];
  closed = false;
  send(data: string): void {
    this.sent.push(data);
  }
  close(): void {
    this.closed = true;
  }
}

/** A clock that only the test moves, and sockets that only the test opens. */
class Bench implements Surroundings {
  time = 0;
  readonly sockets: FakeSocket[] = [];
  private readonly timers = new Map<number, { at: number; run: () => void }>();
  private handle = 0;

  readonly asked: [string, readonly string[]][] = [];

  connect(url: string, protocols: readonly string[]): Socket {
    this.asked.push([url, protocols]);
    const socket = new FakeSocket();
    this.sockets.push(socket);
    return socket;
  }
  now(): number {
    return this.time;
  }
  later(run: () => void, ms: number): number {
    this.timers.set(++this.handle, { at: this.time + ms, run });
    return this.handle;
  }
  cancel(handle: unknown): void {
    this.timers.delete(handle as number);
  }
  wait(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.timers].filter(([, one]) => one.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!due) break;
      this.timers.delete(due[0]);
      this.time = Math.max(this.time, due[1].at);
      due[1].run();
    }
    this.time = end;
  }
  get newest(): FakeSocket {
    return this.sockets[this.sockets.length - 1] as FakeSocket;
  }
}

function picture(n: number, holder: number | null = 241): Picture {
  const one = { sysid: 1, holder: { loi3: holder, loi4: holder, loi5: holder } };
  return { t: "picture", n, wall_ms: n * 100, sim_s: n, speed: 1, seat: { id: "S1", name: "", role: "pilot", sysid: 241 },
    stations: [], aircraft: [one], alarms: [], checklists: [], offers: [], pending: [] } as unknown as Picture;
}

function started(): { bench: Bench; store: Store } {
  const bench = new Bench();
  const store = new Store(bench);
  store.open("ws://here/live");
  bench.newest.onopen?.(undefined as never);
  return { bench, store };
}

function give(bench: Bench, message: unknown): void {
  const bytes = encode(message);
  bench.newest.onmessage?.({ data: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) });
}

describe("the store", () => {
  it("keeps the newest picture only", () => {
    const { bench, store } = started();
    give(bench, picture(2));
    give(bench, picture(1));
    expect(store.picture?.n).toBe(2);
  });

  it("takes a picture that counts from the beginning again, from a server that was restarted", () => {
    const { bench, store } = started();
    give(bench, { ...picture(900), wall_ms: 1000 });
    give(bench, { ...picture(1), wall_ms: 2000 });
    expect(store.picture?.n).toBe(1);
  });

  it("is back within 5 s of a server that is away for any time", () => {
    for (const away of [100, 1700, 9300, 61000]) {
      const { bench, store } = started();
      bench.newest.onclose?.(undefined as never);
      const end = bench.time + away;
      while (bench.time < end) {
        bench.wait(50);
        bench.newest.onclose?.(undefined as never);
      }
      const from = bench.time;
      const before = bench.sockets.length;
      while (bench.sockets.length === before) bench.wait(10);
      bench.newest.onopen?.(undefined as never);
      expect(store.link).toBe("open");
      expect(bench.time - from).toBeLessThan(5000);
    }
  });

  it("takes a silent socket for dead", () => {
    const { bench, store } = started();
    bench.wait(6000);
    expect(bench.sockets.length).toBeGreaterThan(1);
    expect(store.link).toBe("gone");
    expect(bench.sockets[0]?.closed).toBe(true);
  });

  it("tells a slow panel seldom and never with an old picture", () => {
    const { bench, store } = started();
    const seen: number[] = [];
    store.subscribe(() => store.picture && seen.push(store.picture.n), 1);
    for (let n = 1; n <= 40; n++) {
      give(bench, picture(n));
      bench.wait(100);
    }
    bench.wait(2000);
    expect(seen.length).toBeGreaterThanOrEqual(4);
    expect(seen.length).toBeLessThanOrEqual(6);
    expect(seen.at(-1)).toBe(40);
  });

  it("refuses a command without a server instead of keeping it", () => {
    const { bench, store } = started();
    const first = store.command(1, "hold");
    expect(JSON.parse(bench.newest.sent[0] as string)).toMatchObject({ t: "command", id: first, sysid: 1, kind: "hold" });
    bench.newest.onclose?.(undefined as never);
    expect(store.commands.get(first)?.state).toBe("timeout");
    const second = store.command(1, "land");
    expect(store.commands.get(second)?.state).toBe("refused");
    bench.wait(3000);
    bench.newest.onopen?.(undefined as never);
    expect(bench.newest.sent).toEqual([]);
  });

  it("says why the server did not take a message, under that message's id", () => {
    const { bench, store } = started();
    const id = store.command(1, "land");
    give(bench, { t: "refusal", id, words: "02 commands", checklist: null, item: null });
    expect(store.commands.get(id)).toMatchObject({ state: "refused", reason: "02 commands" });
  });

  it("tells a server that came back which aircraft is looked at", () => {
    const { bench, store } = started();
    store.select(2);
    bench.newest.onclose?.(undefined as never);
    bench.wait(3000);
    bench.newest.onopen?.(undefined as never);
    give(bench, { t: "hello" });
    expect(bench.newest.sent.map((one) => JSON.parse(one))).toEqual([{ t: "select", sysid: 2 }]);
  });

  it("lets values age while no picture comes", () => {
    const { bench, store } = started();
    give(bench, picture(1));
    bench.wait(3000);
    expect(store.ageOf(0.5)).toBeCloseTo(3.5, 6);
    expect(store.ageOf(null)).toBeNull();
  });

  it("knows who holds the aircraft", () => {
    const { bench, store } = started();
    give(bench, picture(1, 242));
    expect(store.holds(1)).toBe(false);
    give(bench, picture(2, 241));
    expect(store.holds(1)).toBe(true);
    expect(store.selected).toBe(1);
  });

  it("does not fall over bytes that are no message", () => {
    const { bench, store } = started();
    for (const data of ["{", "[]", "null", new ArrayBuffer(3), new Uint8Array([0xc1, 0xff]).buffer, "7"]) {
      bench.newest.onmessage?.({ data });
    }
    expect(store.picture).toBeNull();
    expect(store.link).toBe("open");
  });
});

describe("the way to the server", () => {
  const page = (more: object) => ({ protocol: "https:", host: "here:8000", pathname: "/a/index.html", search: "", hash: "", ...more });

  it("carries the token among the subprotocols, where no log sees it, each time it is opened", () => {
    const live = liveAddress(page({ hash: "#token=a-b_c~9" }));
    expect(live).toEqual({ url: "wss://here:8000/a/live", protocols: ["samruk", "token.a-b_c~9"] });
    const bench = new Bench();
    new Store(bench).open(live.url, live.protocols);
    bench.newest.onclose?.(undefined as never);
    bench.wait(3000);
    expect(bench.asked.length).toBeGreaterThan(1);
    for (const one of bench.asked) expect(one).toEqual([live.url, live.protocols]);
  });

  it("puts in the query only a token that may not stand there", () => {
    expect(liveAddress(page({ search: "?token=%C3%A7a%20y" }))).toEqual({ url: "wss://here:8000/a/live?token=%C3%A7a%20y", protocols: [] });
    expect(liveAddress(page({ protocol: "http:", pathname: "/" }))).toEqual({ url: "ws://here:8000/live", protocols: [] });
  });
});

describe("terrain", () => {
  const tile = (url: string, west: number) => ({ t: "ground", url, bounds: { south: 0.6, west, north: 0.7, east: west + 0.1 } });

  it("keeps every tile, and those of a server that begins again in their place", () => {
    const { bench, store } = started();
    for (const message of [{ t: "hello" }, tile("/relief/0.png", 0.5), tile("/relief/1.png", 0.6), tile("/relief/2.png", 0.7)]) give(bench, message);
    expect(store.grounds.map((one) => one.url)).toEqual(["/relief/0.png", "/relief/1.png", "/relief/2.png"]);
    give(bench, { t: "hello" });
    expect(store.grounds.length).toBe(3); // until the new ones are there
    give(bench, tile("/relief/0.png", 0.9));
    expect(store.grounds.map((one) => one.bounds.west)).toEqual([0.9]);
  });
});

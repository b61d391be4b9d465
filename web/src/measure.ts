/**
 * How late the screen is: with `?measure` in the address, each picture notes when it was painted.
 *
 * What a picture shows came between the picture before it and itself, so the time from the making of the one before to
 * the paint of this one bounds the age of the oldest datagram in it from above. Read by benchmarks as `samrukPainted`.
 */
import type { Store } from "./store";

const KEPT = 5000;

export function measure(store: Store): void {
  const painted: number[] = [];
  (window as unknown as { samrukPainted: number[] }).samrukPainted = painted;
  let before_ms: number | null = null;
  store.on("picture", (picture) => {
    const since = before_ms;
    before_ms = picture.wall_ms;
    if (since === null) return;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        painted.push(performance.timeOrigin + performance.now() - since);
        if (painted.length > KEPT) painted.shift();
        channel.port1.close();
      };
      channel.port2.postMessage(null);
    });
  });
}

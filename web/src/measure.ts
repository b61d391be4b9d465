/**
 * How late the screen is: with `?measure` in the address, each picture notes when it was painted.
 *
 * For every picture that shows a new attitude of the selected aircraft: from the datagram's coming to the station (its age
 * when the picture was made) to the paint. Read by benchmarks as `samrukPainted`.
 */
import type { Store } from "./store";

const KEPT = 5000;

export function measure(store: Store): void {
  const painted: number[] = [];
  (window as unknown as { samrukPainted: number[] }).samrukPainted = painted;
  let shown_ms = 0;
  store.on("picture", (picture) => {
    const age_s = store.aircraft()?.age.attitude;
    if (age_s === null || age_s === undefined) return;
    const came_ms = picture.wall_ms - 1000 * age_s;
    if (came_ms < shown_ms + 5) return;
    shown_ms = came_ms;
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        painted.push(performance.timeOrigin + performance.now() - came_ms);
        if (painted.length > KEPT) painted.shift();
        channel.port1.close();
      };
      channel.port2.postMessage(null);
    });
  });
}

/** Mouse, touch, wheel and keys to camera moves. What is pressed first may take the press for itself (handles, measuring). */
import type { Camera, Point } from "./projection";

export interface Taker {
  /** Called as the pointer moves, then once with `end` (or with `cancelled`). */
  move(point: Point): void;
  end(point: Point, cancelled: boolean): void;
}

export interface GestureHost {
  camera(): Camera;
  setCamera(camera: Camera): void;
  /** Someone else takes a press, or null: it pans. */
  press(point: Point, event: PointerEvent): Taker | null;
  tap(point: Point, event: PointerEvent): void;
  menu(point: Point): void;
}

const WHEEL_STEP = 1 / 400;
const KEY_PAN_PX = 80;
const KEY_ZOOM = 0.5;
const TAP_PX = 4;
const LONG_PRESS_MS = 600;

export function listen(surface: HTMLElement | SVGElement, host: GestureHost): void {
  const pointers = new Map<number, Point>();
  let taker: Taker | null = null;
  let started: Point | null = null;
  let moved = false;
  let pressing = 0;

  const at = (event: MouseEvent): Point => {
    const box = surface.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  const down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    const point = at(event);
    pointers.set(event.pointerId, point);
    surface.setPointerCapture(event.pointerId);
    if (pointers.size > 1) {
      taker?.end(point, true);
      taker = null;
      clearTimeout(pressing);
      return;
    }
    [started, moved] = [point, false];
    taker = host.press(point, event);
    if (event.pointerType === "touch" && !taker) {
      pressing = window.setTimeout(() => {
        moved = true; // the finger that is lifted now means nothing more
        host.menu(point);
      }, LONG_PRESS_MS);
    }
  };

  const move = (event: PointerEvent) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const point = at(event);
    if (started && Math.hypot(point.x - started.x, point.y - started.y) > TAP_PX) {
      moved = true;
      clearTimeout(pressing);
    }
    if (pointers.size === 2) pinch(event.pointerId, before, point);
    else if (taker) taker.move(point);
    else if (moved) host.setCamera(host.camera().panned(point.x - before.x, point.y - before.y));
    if (moved || taker || pointers.size === 2) pointers.set(event.pointerId, point);
  };

  const pinch = (id: number, before: Point, now: Point) => {
    const other = [...pointers].find(([key]) => key !== id)?.[1];
    if (!other) return;
    const far = Math.hypot(now.x - other.x, now.y - other.y);
    const was = Math.hypot(before.x - other.x, before.y - other.y);
    const about = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    const camera = host.camera().panned((now.x - before.x) / 2, (now.y - before.y) / 2);
    host.setCamera(was > 8 ? camera.zoomed(Math.log2(far / was), about) : camera);
  };

  const up = (event: PointerEvent) => {
    if (!pointers.delete(event.pointerId)) return;
    clearTimeout(pressing);
    const point = at(event);
    const cancelled = event.type === "pointercancel";
    if (taker) taker.end(point, cancelled);
    else if (!moved && !cancelled && pointers.size === 0) host.tap(point, event);
    taker = null;
    if (pointers.size === 0) started = null;
  };

  const wheel = (event: WheelEvent) => {
    event.preventDefault();
    const lines = event.deltaMode === 1 ? 16 : 1;
    host.setCamera(host.camera().zoomed(-event.deltaY * lines * WHEEL_STEP, at(event)));
  };

  const menu = (event: MouseEvent) => {
    event.preventDefault();
    host.menu(at(event));
  };

  surface.addEventListener("pointerdown", down as EventListener);
  surface.addEventListener("pointermove", move as EventListener);
  surface.addEventListener("pointerup", up as EventListener);
  surface.addEventListener("pointercancel", up as EventListener);
  surface.addEventListener("wheel", wheel as EventListener, { passive: false });
  surface.addEventListener("contextmenu", menu as EventListener);
}

/** The camera after a key, null for a key that moves nothing. */
export function keyed(camera: Camera, key: string): Camera | null {
  const pans: Record<string, [number, number]> = {
    ArrowLeft: [KEY_PAN_PX, 0], ArrowRight: [-KEY_PAN_PX, 0], ArrowUp: [0, KEY_PAN_PX], ArrowDown: [0, -KEY_PAN_PX],
  };
  const pan = pans[key];
  if (pan) return camera.panned(pan[0], pan[1]);
  if (key === "+" || key === "=") return camera.zoomed(KEY_ZOOM);
  if (key === "-" || key === "_") return camera.zoomed(-KEY_ZOOM);
  return null;
}

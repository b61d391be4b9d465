/** Scales and steps of the vertical profile. */
import { fromSi, toSi, type UnitSystem } from "../units";

/** Frame of the picture: where height and way become pixels. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** First and last of the way (seconds, or metres when planning). */
  readonly from: number;
  readonly to: number;
  /** Height at the top [m]. */
  readonly most: number;
}

export function xOf(frame: Frame, along: number): number {
  const room = frame.width - frame.left - frame.right;
  return frame.left + ((along - frame.from) / (frame.to - frame.from || 1)) * room;
}

export function yOf(frame: Frame, altitude: number): number {
  const room = frame.height - frame.top - frame.bottom;
  return frame.height - frame.bottom - (altitude / (frame.most || 1)) * room;
}

/** Inverse of `yOf` [m]. */
export function altitudeAt(frame: Frame, y: number): number {
  const room = frame.height - frame.top - frame.bottom;
  return ((frame.height - frame.bottom - y) / room) * frame.most;
}

const HEIGHT_STEPS = [100, 200, 500, 1000, 2000, 5000, 10000, 20000];

/** Round heights to draw a line at, in the shown unit and in metres. */
export function heightTicks(most: number, units: UnitSystem): { shown: number; altitude: number }[] {
  const top = fromSi(most, "height", units);
  const step = HEIGHT_STEPS.find((one) => top / one <= 4.5) ?? 20000;
  const count = Math.floor(top / step);
  return Array.from({ length: count + 1 }, (_, i) => ({ shown: i * step, altitude: toSi(i * step, "height", units) }));
}

const TIME_STEPS_S = [60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600];

/** Seconds between figures of the time axis, at least 60 px apart. */
export function timeStep(span_s: number, px: number): number {
  return TIME_STEPS_S.find((step) => (step / span_s) * px >= 60) ?? 21600;
}

const WAY_STEPS = [0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/** Metres between figures of the way's axis, round in the shown unit. */
export function wayStep(span: number, px: number, units: UnitSystem): number {
  const shown = fromSi(span, "distance", units);
  return toSi(WAY_STEPS.find((step) => (step / shown) * px >= 60) ?? 1000, "distance", units);
}

/** Top of the picture [m]: above everything that is drawn, with air. */
export function topOf(altitudes: readonly (number | null | undefined)[]): number {
  const known = altitudes.filter((one): one is number => typeof one === "number" && Number.isFinite(one));
  return Math.max(600, ...known) * 1.18;
}

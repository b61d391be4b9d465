/** The base of the map on a canvas: sea, land, relief, graticule, coast. Drawn when the camera moves, never for an aircraft. */
import type { Bounds } from "../wire";
import type { Land } from "./land";
import { Camera, latitudeOf, longitudeOf, mercatorX, mercatorY, RADIANS } from "./projection";

export interface Relief {
  readonly image: CanvasImageSource & { readonly width: number; readonly height: number };
  readonly bounds: Bounds;
}

export interface BaseColours {
  readonly sea: string;
  readonly land: string;
  readonly coast: string;
  readonly grid: string;
}

/** Rows of relief drawn in one piece: equirectangular to Mercator is straight enough within it [rad]. */
const STRIP = 0.25 * RADIANS;
const GRID_STEPS_DEG = [30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01];
/** Meridians stand at least this far apart [px]. */
const GRID_LEAST_PX = 110;
/** Relief is shade alone, middle grey where the ground is flat: soft light keeps the land its colour in both themes. */
const RELIEF_STRENGTH = 0.85;

/** Step of the graticule [deg] at a camera. */
export function gridStep(camera: Camera): number {
  const perDegree = camera.scale / 360;
  return [...GRID_STEPS_DEG].reverse().find((step) => step * perDegree >= GRID_LEAST_PX) ?? 30;
}

/** Lines of the graticule in pixels. */
export function graticule(camera: Camera): { meridians: number[]; parallels: number[] } {
  const step = gridStep(camera) * RADIANS;
  const { west, east, north, south } = camera.window;
  const [left, top] = [camera.width / 2 - camera.x * camera.scale, camera.height / 2 - camera.y * camera.scale];
  const multiples = (from: number, to: number) => {
    const first = Math.ceil(from / step);
    return Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, i) => (first + i) * step);
  };
  return {
    meridians: multiples(longitudeOf(west), longitudeOf(east)).map((l) => left + mercatorX(l) * camera.scale),
    parallels: multiples(latitudeOf(south), latitudeOf(north)).map((l) => top + mercatorY(l) * camera.scale),
  };
}

/** Draw the whole base; `ratio` device pixels to a CSS pixel. */
export function drawBase(
  context: CanvasRenderingContext2D, camera: Camera, ratio: number, colours: BaseColours, land: Land | null, reliefs: readonly Relief[],
): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = colours.sea;
  context.fillRect(0, 0, camera.width, camera.height);
  const path = land?.path(camera) ?? null;
  if (path) {
    context.fillStyle = colours.land;
    context.fill(path, "evenodd");
  }
  reliefs.forEach((relief, i) => drawRelief(context, camera, relief, path, reliefs.slice(0, i)));
  drawGrid(context, camera, colours.grid);
  if (!path) return;
  context.strokeStyle = colours.coast;
  context.lineWidth = 1;
  context.stroke(path);
}

function drawGrid(context: CanvasRenderingContext2D, camera: Camera, colour: string): void {
  const { meridians, parallels } = graticule(camera);
  context.strokeStyle = colour;
  context.lineWidth = 0.7;
  context.beginPath();
  for (const x of meridians) {
    context.moveTo(x, 0);
    context.lineTo(x, camera.height);
  }
  for (const y of parallels) {
    context.moveTo(0, y);
    context.lineTo(camera.width, y);
  }
  context.stroke();
}

function drawRelief(context: CanvasRenderingContext2D, camera: Camera, relief: Relief, land: Path2D | null, before: readonly Relief[]): void {
  const { image, bounds } = relief;
  const [left, top] = [camera.width / 2 - camera.x * camera.scale, camera.height / 2 - camera.y * camera.scale];
  const x = left + mercatorX(bounds.west) * camera.scale;
  const width = (mercatorX(bounds.east) - mercatorX(bounds.west)) * camera.scale;
  const strips = Math.max(1, Math.ceil((bounds.north - bounds.south) / STRIP));
  context.save();
  if (land) context.clip(land, "evenodd");
  for (const other of before) if (overlap(other.bounds, bounds)) without(context, camera, other.bounds);
  context.globalAlpha = RELIEF_STRENGTH;
  context.globalCompositeOperation = "soft-light";
  for (let i = 0; i < strips; i++) {
    const at = (part: number) => Math.round(top + mercatorY(bounds.north + (bounds.south - bounds.north) * part) * camera.scale);
    const [from, to] = [at(i / strips), at((i + 1) / strips)];
    if (to < 0 || from > camera.height || to === from) continue;
    const rows = image.height / strips;
    context.drawImage(image, 0, i * rows, image.width, rows, x, from, width, to - from);
  }
  context.restore();
}

/** Do two tiles share more than an edge? */
function overlap(a: Bounds, b: Bounds): boolean {
  return a.west < b.east && b.west < a.east && a.south < b.north && b.south < a.north;
}

/** Leave out where another tile is drawn: shade upon shade would be too dark. */
function without(context: CanvasRenderingContext2D, camera: Camera, { west, east, north, south }: Bounds): void {
  const [left, top] = [camera.width / 2 - camera.x * camera.scale, camera.height / 2 - camera.y * camera.scale];
  const [x, y] = [left + mercatorX(west) * camera.scale, top + mercatorY(north) * camera.scale];
  context.beginPath();
  context.rect(0, 0, camera.width, camera.height);
  context.rect(x, y, left + mercatorX(east) * camera.scale - x, top + mercatorY(south) * camera.scale - y);
  context.clip("evenodd");
}

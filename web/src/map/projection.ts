/** Mercator, north up: places in radians to the unit square of the world, and a camera from there to pixels. */

export interface Place {
  /** Geodetic latitude [rad]. */
  readonly latitude: number;
  /** Longitude [rad]. */
  readonly longitude: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Mean radius of the Earth [m] (IUGG). */
export const EARTH_RADIUS = 6371008.8;
const WORLD_PX = 512;
/** Mercator ends here [rad]: the square world of web maps. */
export const LATITUDE_LIMIT = 1.4844222297453324;

export const RADIANS = Math.PI / 180;

/** 0 at 180 west, 1 at 180 east. */
export function mercatorX(longitude: number): number {
  return longitude / (2 * Math.PI) + 0.5;
}

/** 0 at 85.05 north, 1 at 85.05 south. */
export function mercatorY(latitude: number): number {
  const held = Math.max(-LATITUDE_LIMIT, Math.min(LATITUDE_LIMIT, latitude));
  return 0.5 - Math.asinh(Math.tan(held)) / (2 * Math.PI);
}

/** Inverse of `mercatorX`. */
export function longitudeOf(x: number): number {
  return (x - 0.5) * 2 * Math.PI;
}

/** Inverse of `mercatorY`. */
export function latitudeOf(y: number): number {
  return Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI));
}

export interface Bounds {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** Where the map looks: a centre in the unit square, a scale, a picture in CSS pixels. */
export class Camera {
  constructor(
    readonly x: number,
    readonly y: number,
    readonly zoom: number,
    readonly width: number,
    readonly height: number,
  ) {}

  static at(place: Place, zoom: number, width: number, height: number): Camera {
    return new Camera(mercatorX(place.longitude), mercatorY(place.latitude), zoom, width, height);
  }

  /** The nearest view that holds all places with a margin [px] on each side, and more at the top where buttons are. */
  static around(places: readonly Place[], width: number, height: number, margin = 40, above = margin): Camera {
    const xs = places.map((p) => mercatorX(p.longitude));
    const ys = places.map((p) => mercatorY(p.latitude));
    const [west, east] = [Math.min(...xs), Math.max(...xs)];
    const [north, south] = [Math.min(...ys), Math.max(...ys)];
    const room = (span: number, px: number) => Math.max(px, 40) / (WORLD_PX * Math.max(span, 1e-6));
    const zoom = clampZoom(Math.log2(Math.min(room(east - west, width - 2 * margin), room(south - north, height - margin - above))));
    const shift = (above - margin) / 2 / (WORLD_PX * 2 ** zoom);
    return new Camera((west + east) / 2, (north + south) / 2 - shift, zoom, width, height);
  }

  /** Pixels of the whole world. */
  get scale(): number {
    return WORLD_PX * 2 ** this.zoom;
  }

  /** Metres on the ground that one pixel spans at the centre. */
  get metresPerPixel(): number {
    return this.metresPerPixelAt(latitudeOf(this.y));
  }

  metresPerPixelAt(latitude: number): number {
    return (2 * Math.PI * EARTH_RADIUS * Math.cos(latitude)) / this.scale;
  }

  pixel(place: Place): Point {
    return this.pixelOf(mercatorX(place.longitude), mercatorY(place.latitude));
  }

  pixelOf(x: number, y: number): Point {
    return { x: (x - this.x) * this.scale + this.width / 2, y: (y - this.y) * this.scale + this.height / 2 };
  }

  place(pixel: Point): Place {
    return {
      latitude: latitudeOf(this.y + (pixel.y - this.height / 2) / this.scale),
      longitude: longitudeOf(this.x + (pixel.x - this.width / 2) / this.scale),
    };
  }

  /** Moved so that the picture goes by so many pixels. */
  panned(dx: number, dy: number): Camera {
    return new Camera(this.x - dx / this.scale, this.y - dy / this.scale, this.zoom, this.width, this.height);
  }

  /** Nearer or farther by `steps` doublings; the place under `about` stays where it is. */
  zoomed(steps: number, about: Point = { x: this.width / 2, y: this.height / 2 }): Camera {
    const zoom = clampZoom(this.zoom + steps);
    const scale = WORLD_PX * 2 ** zoom;
    const shift = 1 / this.scale - 1 / scale;
    const x = this.x + (about.x - this.width / 2) * shift;
    const y = this.y + (about.y - this.height / 2) * shift;
    return new Camera(x, y, zoom, this.width, this.height);
  }

  centred(place: Place): Camera {
    return Camera.at(place, this.zoom, this.width, this.height);
  }

  sized(width: number, height: number): Camera {
    return new Camera(this.x, this.y, this.zoom, width, height);
  }

  /** The part of the unit square in view. */
  get window(): Bounds {
    const [halfX, halfY] = [this.width / 2 / this.scale, this.height / 2 / this.scale];
    return { west: this.x - halfX, east: this.x + halfX, north: this.y - halfY, south: this.y + halfY };
  }
}

function clampZoom(zoom: number): number {
  return Math.max(1.5, Math.min(17, zoom));
}

/** Great-circle distance [m]. */
export function distance(a: Place, b: Place): number {
  const s = Math.sin((b.latitude - a.latitude) / 2) ** 2;
  const h = s + Math.cos(a.latitude) * Math.cos(b.latitude) * Math.sin((b.longitude - a.longitude) / 2) ** 2;
  return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Course from a to b at a [rad], 0 north, clockwise. */
export function bearing(a: Place, b: Place): number {
  const d = b.longitude - a.longitude;
  const y = Math.sin(d) * Math.cos(b.latitude);
  const x = Math.cos(a.latitude) * Math.sin(b.latitude) - Math.sin(a.latitude) * Math.cos(b.latitude) * Math.cos(d);
  return (Math.atan2(y, x) + 2 * Math.PI) % (2 * Math.PI);
}

/** The place so many metres from a on a course. */
export function beyond(a: Place, course: number, metres: number): Place {
  const r = metres / EARTH_RADIUS;
  const latitude = Math.asin(Math.sin(a.latitude) * Math.cos(r) + Math.cos(a.latitude) * Math.sin(r) * Math.cos(course));
  const y = Math.sin(course) * Math.sin(r) * Math.cos(a.latitude);
  const x = Math.cos(r) - Math.sin(a.latitude) * Math.sin(latitude);
  return { latitude, longitude: a.longitude + Math.atan2(y, x) };
}

/** The place at a fraction of the way from a to b, straight on the map. */
export function between(a: Place, b: Place, fraction: number): Place {
  const y = mercatorY(a.latitude) + (mercatorY(b.latitude) - mercatorY(a.latitude)) * fraction;
  return { latitude: latitudeOf(y), longitude: a.longitude + (b.longitude - a.longitude) * fraction };
}

/**
 * Numbers as a person reads them. Everything on the wire is SI and radians; only this module turns it into knots, feet,
 * nautical miles or their metric kin. A value that is not known is an en dash, never a zero.
 */

export type UnitSystem = "aviation" | "metric";
export type Quantity = "speed" | "height" | "distance" | "climb";

interface Unit {
  readonly symbol: string;
  /** How many of this unit make one SI unit. */
  readonly perSi: number;
}

const KNOTS = 3600 / 1852;
const FEET = 1 / 0.3048;
const NAUTICAL_MILES = 1 / 1852;

const UNITS: Record<UnitSystem, Record<Quantity, Unit>> = {
  aviation: {
    speed: { symbol: "kt", perSi: KNOTS },
    height: { symbol: "ft", perSi: FEET },
    distance: { symbol: "nm", perSi: NAUTICAL_MILES },
    climb: { symbol: "ft/min", perSi: FEET * 60 },
  },
  metric: {
    speed: { symbol: "km/h", perSi: 3.6 },
    height: { symbol: "m", perSi: 1 },
    distance: { symbol: "km", perSi: 1e-3 },
    climb: { symbol: "m/s", perSi: 1 },
  },
};

export const UNKNOWN = "–";
export const MINUS = "−";
const THIN = "\u00a0";

export type Maybe = number | null | undefined;

/** True for a number that can be shown. */
export function known(value: Maybe): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** The unit's sign, as written once beside a tape or a column. */
export function symbol(quantity: Quantity, system: UnitSystem): string {
  return UNITS[system][quantity].symbol;
}

/** SI to the shown unit. */
export function fromSi(value: number, quantity: Quantity, system: UnitSystem): number {
  return value * UNITS[system][quantity].perSi;
}

/** The shown unit to SI. */
export function toSi(value: number, quantity: Quantity, system: UnitSystem): number {
  return value / UNITS[system][quantity].perSi;
}

/** A number with true minus, a space in thousands and no negative zero. */
export function figure(value: Maybe, decimals = 0): string {
  if (!known(value)) return UNKNOWN;
  const fixed = Math.abs(value).toFixed(decimals);
  const [whole = "0", fraction] = fixed.split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN);
  const sign = value < 0 && Number(fixed) !== 0 ? MINUS : "";
  return sign + grouped + (fraction ? `.${fraction}` : "");
}

/** A margin: rounded towards danger, that is down. */
export function margin(value: Maybe, decimals = 0): string {
  if (!known(value)) return UNKNOWN;
  const scale = 10 ** decimals;
  return figure(Math.floor(value * scale + 1e-9) / scale, decimals);
}

/** A quantity without its unit; heights are rounded to 10 in feet as altimeters are read. */
export function amount(value: Maybe, quantity: Quantity, system: UnitSystem): string {
  if (!known(value)) return UNKNOWN;
  const shown = fromSi(value, quantity, system);
  if (quantity === "height" && system === "aviation") return figure(Math.round(shown / 10) * 10);
  if (quantity === "distance") return figure(shown, Math.abs(shown) < 10 ? 1 : 0);
  if (quantity === "climb") return system === "metric" ? figure(shown, 1) : figure(Math.round(shown / 10) * 10);
  return figure(shown);
}

/** A quantity with its unit. */
export function withUnit(value: Maybe, quantity: Quantity, system: UnitSystem): string {
  return known(value) ? `${amount(value, quantity, system)} ${symbol(quantity, system)}` : UNKNOWN;
}

/** Three-figure degrees from radians, 000 to 359, without the sign. */
export function degrees3(angle: Maybe): string {
  if (!known(angle)) return UNKNOWN;
  const whole = Math.round((angle * 180) / Math.PI);
  return String(((whole % 360) + 360) % 360).padStart(3, "0");
}

/** A heading such as 082°. */
export function heading(angle: Maybe): string {
  return known(angle) ? `${degrees3(angle)}°` : UNKNOWN;
}

/** Clock HH:MM, UTC, from seconds since 1970. */
export function clock(utc_s: Maybe): string {
  return known(utc_s) ? new Date(utc_s * 1000).toISOString().slice(11, 16) : UNKNOWN;
}

/** Clock HH:MM:SS, UTC. */
export function clockSeconds(utc_s: Maybe): string {
  return known(utc_s) ? new Date(utc_s * 1000).toISOString().slice(11, 19) : UNKNOWN;
}

/** A duration that cannot be mistaken for a clock: `14 h 11`, `14 min`, `40 s`; rounded down. */
export function duration(seconds: Maybe): string {
  if (!known(seconds)) return UNKNOWN;
  if (seconds < 0) return MINUS + duration(-seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${Math.floor(seconds)} s`;
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

/** Celsius from kelvin, with its unit. */
export function celsius(kelvin: Maybe): string {
  return known(kelvin) ? `${figure(kelvin - 273.15)} °C` : UNKNOWN;
}

/** A delay in seconds as milliseconds below one second. */
export function delay(seconds: Maybe): string {
  if (!known(seconds)) return UNKNOWN;
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${figure(seconds, 1)} s`;
}

/** An age in seconds: one decimal below ten, whole above. */
export function ageFigure(seconds: Maybe): string {
  if (!known(seconds)) return UNKNOWN;
  return seconds < 10 ? `${figure(seconds, 1)} s` : duration(seconds);
}

/** An aircraft's two digits, a station's S and number. */
export function callsign(sysid: Maybe): string {
  if (!known(sysid)) return UNKNOWN;
  if (sysid > 240 && sysid < 250) return `S${sysid - 240}`;
  return String(sysid).padStart(2, "0");
}

/** A mass with its unit. */
export function kilograms(value: Maybe, decimals = 0): string {
  return known(value) ? `${figure(value, decimals)} kg` : UNKNOWN;
}

/** A margin of a radio link with its unit, rounded down. */
export function decibels(value: Maybe): string {
  return known(value) ? `${margin(value)} dB` : UNKNOWN;
}

/** A fraction as a percentage with its sign, rounded down. */
export function percent(fraction: Maybe): string {
  return known(fraction) ? `${margin(fraction * 100)} %` : UNKNOWN;
}

/** A plan's version: small numbers as they are, an opaque 32-bit id as its last four hexadecimal digits, as on the map. */
export function version(id: Maybe): string {
  if (!known(id) || id === 0) return UNKNOWN;
  return id <= 9999 ? `v${id}` : `v${(id & 0xffff).toString(16).padStart(4, "0")}`;
}

/** A field's short name: its code where the name carries one in brackets, else the name. */
export function fieldName(name: string | null | undefined): string {
  if (!name) return UNKNOWN;
  return /\(([A-Z0-9]{3,4})\)/.exec(name)?.[1] ?? name;
}

/** What can be done to a list of items. Every operation returns a new list; jumps follow the items they mean. */
import type { Item } from "../wire";
import type { Place } from "../map/projection";
import { DO_JUMP, FENCE_POLYGON_EXCLUSION, FENCE_POLYGON_INCLUSION, kindOf, made } from "./commands";

type Items = readonly Item[];

function retarget(items: Items, map: (target: number) => number): Item[] {
  return items.map((item) => {
    if (item.command !== DO_JUMP || item.params[0] === null) return item;
    const to = map(item.params[0]);
    return to === item.params[0] ? item : { ...item, params: [to, item.params[1], item.params[2], item.params[3]] };
  });
}

const polygon = (item: Item | undefined) =>
  item !== undefined && (item.command === FENCE_POLYGON_INCLUSION || item.command === FENCE_POLYGON_EXCLUSION);

/** The corners of a polygon that an item belongs to: first, and how many. */
export function polygonOf(items: Items, index: number): { first: number; count: number } | null {
  for (let first = 0; first < items.length; ) {
    const item = items[first] as Item;
    if (!polygon(item)) {
      first++;
      continue;
    }
    const count = runOf(items, first);
    if (index >= first && index < first + count) return { first, count };
    first += count;
  }
  return null;
}

function runOf(items: Items, first: number): number {
  const { command, params } = items[first] as Item;
  const said = Math.max(1, Math.round(params[0] ?? 1));
  let count = 1;
  while (count < said && items[first + count]?.command === command) count++;
  return count;
}

function recount(items: Items, first: number, count: number): Item[] {
  return items.map((item, i) =>
    i >= first && i < first + count ? { ...item, params: [count, item.params[1], item.params[2], item.params[3]] } : item,
  );
}

/** Put an item before place `index`. */
export function insert(items: Items, index: number, item: Item): Item[] {
  const shifted = retarget(items, (target) => (target >= index ? target + 1 : target));
  return [...shifted.slice(0, index), item, ...shifted.slice(index)];
}

/** Take an item out; a jump to it then means the one that followed it. */
export function remove(items: Items, index: number): Item[] {
  const corner = polygonOf(items, index);
  const shifted = retarget(items, (target) => (target > index ? target - 1 : target));
  const left = shifted.filter((_, i) => i !== index);
  return corner && corner.count > 1 ? recount(left, corner.first, corner.count - 1) : left;
}

/** Put the item at `from` where `to` is. */
export function move(items: Items, from: number, to: number): Item[] {
  if (from === to || to < 0 || to >= items.length) return [...items];
  const order = items.map((_, i) => i);
  order.splice(to, 0, ...order.splice(from, 1));
  const now = new Map(order.map((old, i) => [old, i]));
  const shifted = retarget(items, (target) => now.get(target) ?? target);
  return order.map((old) => shifted[old] as Item);
}

/** A new corner of a polygon after the one at `index`. */
export function insertCorner(items: Items, index: number, place: Place): Item[] {
  const corner = polygonOf(items, index);
  const like = items[index];
  if (!corner || !like) return [...items];
  const added = insert(items, index + 1, { ...like, latitude: place.latitude, longitude: place.longitude });
  return recount(added, corner.first, corner.count + 1);
}

/** Change some fields of one item. */
export function changed(items: Items, index: number, part: Partial<Item>): Item[] {
  return items.map((item, i) => (i === index ? { ...item, ...part } : item));
}

/** Change one parameter; of a polygon's corner the first is the count and is not for hands. */
export function withParam(items: Items, index: number, param: number, value: number | null): Item[] {
  return items.map((item, i) => {
    if (i !== index) return item;
    const params: Item["params"] = [...item.params];
    params[param] = value;
    return { ...item, params };
  });
}

/** Turn an item into another kind, keeping its place and height where the new kind has them. */
export function retyped(items: Items, index: number, command: number): Item[] {
  const old = items[index];
  if (!old || old.command === command) return [...items];
  const kind = kindOf({ command });
  const place = old.latitude !== null && old.longitude !== null ? { latitude: old.latitude, longitude: old.longitude } : null;
  const fresh = made(command, kind?.placed ? (place ?? nearestPlace(items, index)) : null, old.altitude ?? nearestAltitude(items, index));
  const frame = kind?.placed && kindOf(old)?.placed ? old.frame : fresh.frame;
  return changed(items, index, { ...fresh, frame });
}

function nearestPlace(items: Items, index: number): Place | null {
  for (let i = index; i >= 0; i--) {
    const { latitude, longitude } = items[i] as Item;
    if (latitude !== null && longitude !== null) return { latitude, longitude };
  }
  return null;
}

/** Height of the last item before, for a new one to begin with. */
export function nearestAltitude(items: Items, index: number): number | null {
  for (let i = Math.min(index, items.length - 1); i >= 0; i--) {
    const { altitude } = items[i] as Item;
    if (altitude !== null) return altitude;
  }
  return items.find((item) => item.altitude !== null)?.altitude ?? null;
}

/** The one alarm list: root cause first, its consequences under it, the gravest group on top. */
import type { Alarm, Level } from "../wire";

const GRAVITY: Record<Level, number> = { warning: 3, caution: 2, advisory: 1 };

/** 3 warning, 2 caution, 1 advisory. */
export function gravity(alarm: Pick<Alarm, "level">): number {
  return GRAVITY[alarm.level] ?? 1;
}

export interface AlarmGroup {
  readonly root: Alarm;
  readonly consequences: readonly Alarm[];
  /** The gravest class of the group: a caution that causes a warning stands among the warnings. */
  readonly gravity: number;
  readonly acknowledged: boolean;
}

function rootOf(alarm: Alarm, byId: ReadonlyMap<number, Alarm>): Alarm {
  const seen = new Set<number>();
  let at = alarm;
  while (at.cause !== null && !seen.has(at.id)) {
    seen.add(at.id);
    const up = byId.get(at.cause);
    if (!up || up === at) break;
    at = up;
  }
  return at;
}

/** Alarms as groups, gravest first, unacknowledged before acknowledged, newest first. */
export function grouped(alarms: readonly Alarm[]): AlarmGroup[] {
  const byId = new Map(alarms.map((a) => [a.id, a]));
  const under = new Map<Alarm, Alarm[]>();
  for (const alarm of alarms) {
    const root = rootOf(alarm, byId);
    const list = under.get(root) ?? [];
    if (alarm !== root) list.push(alarm);
    under.set(root, list);
  }
  return [...under].map(([root, rest]) => group(root, rest)).sort(before);
}

function group(root: Alarm, rest: Alarm[]): AlarmGroup {
  const all = [root, ...rest];
  return {
    root,
    consequences: rest.sort((a, b) => gravity(b) - gravity(a) || a.since_ms - b.since_ms),
    gravity: Math.max(...all.map(gravity)),
    acknowledged: all.every((a) => a.acknowledged),
  };
}

function before(a: AlarmGroup, b: AlarmGroup): number {
  return b.gravity - a.gravity || Number(a.acknowledged) - Number(b.acknowledged) || b.root.since_ms - a.root.since_ms;
}

/** How many alarms stand in each class. */
export function counts(alarms: readonly Alarm[]): Record<Level, number> {
  const total = { warning: 0, caution: 0, advisory: 0 };
  for (const alarm of alarms) if (alarm.active || !alarm.acknowledged) total[alarm.level]++;
  return total;
}

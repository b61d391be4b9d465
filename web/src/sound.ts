/** Tones by WebAudio: a warning rises three times until acknowledged, a caution sounds twice once, command has its own pair. */
import { language } from "./i18n";
import { onSettings, settings } from "./settings";
import type { Alarm } from "./wire";

export type Tone = "warning" | "caution" | "command_gained" | "command_lost";

interface Note {
  readonly hertz: number;
  readonly at_s: number;
  readonly for_s: number;
}

const note = (hertz: number, at_s: number, for_s = 0.16): Note => ({ hertz, at_s, for_s });

/** The tones, note by note. */
export const TONES: Record<Tone, readonly Note[]> = {
  warning: [note(660, 0), note(880, 0.2), note(1175, 0.4, 0.28)],
  caution: [note(587, 0), note(587, 0.26)],
  command_gained: [note(392, 0, 0.2), note(784, 0.24, 0.26)],
  command_lost: [note(784, 0, 0.2), note(392, 0.24, 0.26)],
};

/** A warning is repeated after so long [ms]. */
export const REPEAT_MS = 2500;

/** What sounds now: a repeated warning while one is open, and what came new. */
export interface Wanted {
  readonly repeat: boolean;
  readonly once: readonly Tone[];
  readonly speak: readonly string[];
}

const isTone = (tone: string): tone is Tone => tone in TONES;

/** Which tones a list of alarms asks for, given the ids that have sounded. */
export function wanted(alarms: readonly Alarm[], sounded: ReadonlySet<number>): Wanted {
  const loud = alarms.filter((a) => !a.inhibited && !a.acknowledged);
  const fresh = loud.filter((a) => !sounded.has(a.id));
  return {
    repeat: loud.some((a) => a.tone === "warning" && a.active),
    once: [...new Set(fresh.map((a) => a.tone).filter(isTone))],
    speak: fresh.map((a) => a.speak).filter(Boolean),
  };
}

/** Has an alarm had its sound? One that stands silently under its cause has not: it sounds if it outlives the cause. */
export function heard(alarm: Alarm): boolean {
  return !alarm.inhibited && (isTone(alarm.tone) || alarm.speak !== "");
}

export class Sounder {
  private context: AudioContext | null = null;
  private readonly sounded = new Set<number>();
  private repeating: ReturnType<typeof setInterval> | null = null;

  /** True while the browser keeps sound off until somebody touches the page. */
  get asleep(): boolean {
    return settings().sound && typeof AudioContext !== "undefined" && this.context?.state !== "running";
  }

  /** To be called at the first key or click: browsers allow sound only then. */
  wake(): void {
    if (!settings().sound || typeof AudioContext === "undefined") return;
    this.context ??= new AudioContext();
    void this.context.resume();
  }

  /** Hear the newest alarms. */
  hear(alarms: readonly Alarm[]): void {
    const want = wanted(alarms, this.sounded);
    for (const alarm of alarms) if (heard(alarm)) this.sounded.add(alarm.id);
    want.once.forEach((tone) => this.play(tone));
    want.speak.forEach((words) => this.speak(words));
    this.repeat(want.repeat);
  }

  private repeat(on: boolean): void {
    if (on && this.repeating === null) this.repeating = setInterval(() => this.play("warning"), REPEAT_MS);
    if (!on && this.repeating !== null) {
      clearInterval(this.repeating);
      this.repeating = null;
    }
  }

  private speak(words: string): void {
    if (!settings().sound || typeof speechSynthesis === "undefined") return;
    const said = new SpeechSynthesisUtterance(words);
    said.lang = language();
    speechSynthesis.speak(said);
  }

  play(tone: Tone): void {
    const context = this.context;
    if (!settings().sound || context?.state !== "running") return;
    for (const one of TONES[tone]) {
      const start = context.currentTime + one.at_s;
      const gain = context.createGain();
      gain.gain.setValueAtTime(0, start);
      gain.gain.linearRampToValueAtTime(0.22, start + 0.012);
      gain.gain.setValueAtTime(0.22, start + one.for_s - 0.03);
      gain.gain.linearRampToValueAtTime(0, start + one.for_s);
      const source = context.createOscillator();
      source.frequency.value = one.hertz;
      source.connect(gain).connect(context.destination);
      source.start(start);
      source.stop(start + one.for_s + 0.02);
    }
  }
}

/** The page's own. */
export const sounder = new Sounder();

/** Wake at the first touch of the page, and when sound is switched on. */
export function listenForTouch(): void {
  for (const kind of ["pointerdown", "keydown"]) window.addEventListener(kind, () => sounder.wake(), { passive: true });
  onSettings(() => sounder.wake());
}
